/* SPDX-License-Identifier: MIT */
/* ask_dlsym: ask_dlsym [LIBRARY]: look for connect() by every road that dlsym(3) and dlvsym(3) know, and print whose it is: the base name of the
 * library that has it, or the error. LIBRARY is loaded while it runs: it is asked, too, and so is its own function next_connect(). */
#include "tests/lib/common.h"

#include <dlfcn.h>

#if defined __x86_64__
#define OLDEST "GLIBC_2.2.5"
#else
#define OLDEST "GLIBC_2.17"
#endif

static void tell(const char *road, void *found)
{
	const char *const error = dlerror();
	Dl_info info = {.dli_fname = "nobody"};

	if (found)
		dladdr(found, &info);
	const char *const slash = strrchr(info.dli_fname, '/');
	printf("%s: %s%s%s\n", road, slash ? slash + 1 : info.dli_fname, error ? ": " : "", error ? error : "");
}

static void *open_library(const char *name)
{
	void *const library = dlopen(name, RTLD_NOW);

	if (!library)
		die(name);
	return library;
}

/* Ask a library that was loaded just now. */
static void ask_late(const char *name)
{
	void *const library = open_library(name), *const found = dlsym(library, "next_connect");
	void *(*next_connect)(void);

	memcpy(&next_connect, &found, sizeof(found));
	tell("a library of its own", dlsym(library, "connect"));
	tell("next after a library loaded late", next_connect());
}

int main(int argc, char **argv)
{
	void *const libc = open_library("libc.so.6"), *const resolv = open_library("libresolv.so.2");
	void *const space = dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW);

	tell("libc", dlsym(libc, "connect"));
	tell("libc, by its other name", dlsym(libc, "__connect"));
	tell("libc, a version", dlvsym(libc, "connect", OLDEST));
	tell("a library that needs libc", dlsym(resolv, "connect"));
	tell("libc in a namespace", space ? dlsym(space, "connect") : NULL);
	tell("the program", dlsym(dlopen(NULL, RTLD_NOW), "connect"));
	tell("default", dlsym(RTLD_DEFAULT, "connect"));
	tell("default, a version", dlvsym(RTLD_DEFAULT, "connect", OLDEST));
	tell("next", dlsym(RTLD_NEXT, "connect"));
	tell("next, a version", dlvsym(RTLD_NEXT, "connect", OLDEST));
	if (argc > 1)
		ask_late(argv[1]);
	tell("what we do not have", dlsym(libc, "strtol"));
	tell("no such function", dlsym(libc, "connectt"));
	tell("no such version", dlvsym(libc, "connect", "GLIBC_1.0"));
	tell("no such version, default", dlvsym(RTLD_DEFAULT, "connect", "GLIBC_1.0"));
	tell("no such version, next", dlvsym(RTLD_NEXT, "connect", "GLIBC_1.0"));
	return 0;
}
