/* SPDX-License-Identifier: MIT */
/* dlopen: keep libraries from bypassing our hooks: RTLD_DEEPBIND would let one find libc's functions first, a new namespace has a libc of its
 * own, and one that is written in Go needs none. libc finds the caller's RUNPATH and namespace by the return address. */
#include <dlfcn.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/scratch.h"
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

/* Returns `file`, or a file that libc will say it cannot open, if that is to be refused. A name without a slash is left to libc's search. */
static const char *admitted(const char *file)
{
	SCRATCH_TEXT(refusal, 1024);

	if (!file || !strchr(file, '/') || reach_admit_library(file, &refusal))
		return file;
	log_line(LOG_ERROR, "%s", refusal.at);
	return "/a Go library that socksify cannot proxy";
}

__attribute__((used)) function *dlopen_prepare(struct dlopen_arguments *a, const void *caller)
{
	const int saved = errno;

	(void)caller;
	app_start();
	a->file = admitted(a->file);
	a->flags &= ~(long)RTLD_DEEPBIND;
	errno = saved;
	return (function *)sys.dlopen;
}

__attribute__((used)) function *dlmopen_prepare(struct dlmopen_arguments *a, const void *caller)
{
	const int saved = errno;

	(void)caller;
	app_start();
	a->file = admitted(a->file);
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
