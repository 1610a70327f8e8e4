/* SPDX-License-Identifier: MIT */
/* dlopen: keep libraries from bypassing our hooks: RTLD_DEEPBIND would let one find libc's functions first, a new namespace has a libc of its
 * own, and one that is written in Go needs none. libc finds the caller's RUNPATH and namespace by the return address. */
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/scratch.h"
#include "core/exec/libraries.h"
#include "core/exec/reach.h"
#include "hook/hook.h"
#include "hook/tail_jump.h"
#include "self.h"

struct dlopen_arguments {
	const char *file;
	long flags;
};

struct dlmopen_arguments {
	long namespace;
	const char *file;
	long flags;
};

enum { NO_NAMESPACE = 0x7fff }; /* glibc has 16 of them */

/* Make a namespace and load this library into it first, because every later library there searches the first one first. */
static long inhabited_namespace(void)
{
	const char *library = self_library();
	Lmid_t namespace;
	void *ours = library ? sys.dlmopen(LM_ID_NEWLM, library, RTLD_NOW | RTLD_LOCAL) : NULL;

	if (!ours || dlinfo(ours, RTLD_DI_LMID, &namespace) != 0)
		return NO_NAMESPACE; /* libc will refuse it */
	return namespace;
}

static int know_one(struct dl_phdr_info *i, size_t size, void *libraries)
{
	const char *const slash = strrchr(i->dlpi_name, '/');

	(void)size;
	if (slash)
		libraries_know(libraries, slash + 1);
	return 0;
}

static void know(struct libraries *l)
{
	dl_iterate_phdr(know_one, l);
}

/* Returns the path of the file that the caller is in: the program, if that is not known. */
static const char *file_of(const void *caller)
{
	Dl_info file;

	return caller && dladdr(caller, &file) && file.dli_fname && strchr(file.dli_fname, '/') ? file.dli_fname : "/proc/self/exe";
}

/* Returns `file`, or a file that libc will say it cannot open, if that is to be refused. */
static const char *admitted(const char *file, const void *caller)
{
	SCRATCH_TEXT(refusal, 1024);

	if (!file || reach_admit_library(file, file_of(caller), know, &refusal))
		return file;
	log_line(LOG_ERROR, "%s", refusal.at);
	return "/a Go library that socksify cannot proxy";
}

__attribute__((used)) function *dlopen_prepare(struct dlopen_arguments *a, const void *caller)
{
	const int saved = errno;

	app_start();
	a->file = admitted(a->file, caller);
	a->flags &= ~(long)RTLD_DEEPBIND;
	errno = saved;
	return (function *)sys.dlopen;
}

__attribute__((used)) function *dlmopen_prepare(struct dlmopen_arguments *a, const void *caller)
{
	const int saved = errno;

	app_start();
	a->file = admitted(a->file, caller);
	a->flags &= ~(long)RTLD_DEEPBIND;
	if (a->namespace == LM_ID_NEWLM)
		a->namespace = inhabited_namespace();
	errno = saved;
	return (function *)sys.dlmopen;
}

#ifdef TAIL_JUMP

TAIL_JUMP(dlopen);
TAIL_JUMP(dlmopen);

#else

void *dlopen(const char *file, int flags)
{
	struct dlopen_arguments a = {file, flags};

	dlopen_prepare(&a, NULL);
	return sys.dlopen(a.file, (int)a.flags);
}

void *dlmopen(Lmid_t namespace, const char *file, int flags)
{
	struct dlmopen_arguments a = {namespace, file, flags};

	dlmopen_prepare(&a, NULL);
	return sys.dlmopen(a.namespace, a.file, (int)a.flags);
}

#endif
