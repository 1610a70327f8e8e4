/* SPDX-License-Identifier: MIT */
/* load_and_connect: load_and_connect HOW LIBRARY ADDRESS LINE: load LIBRARY (global, deepbind or namespace), and have its function
 * library_connect(address, line) print what becomes of a connection that it makes. */
#include "tests/lib/common.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
	int (*function)(const char *, const char *);

	if (argc != 5)
		die("load_and_connect HOW LIBRARY ADDRESS LINE");
	void *library = !strcmp(argv[1], "namespace")  ? dlmopen(LM_ID_NEWLM, argv[2], RTLD_NOW)
			: !strcmp(argv[1], "deepbind") ? dlopen(argv[2], RTLD_NOW | RTLD_DEEPBIND)
						       : dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL);
	if (!library) {
		printf("%s\n", dlerror());
		return 1;
	}
	void *found = dlsym(library, "library_connect");
	if (!found)
		die("dlsym");
	memcpy(&function, &found, sizeof(found));
	return function(argv[3], argv[4]);
}
