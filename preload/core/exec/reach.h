/* SPDX-License-Identifier: MIT */
/* reach: whether the library gets into what is about to be executed. Nothing here allocates or locks. */
#ifndef CORE_EXEC_REACH_H
#define CORE_EXEC_REACH_H

#include <stdbool.h>

#include "core/base/text.h"

struct libraries;

enum { REACH_NOWHERE = -1 }; /* a directory that is not known */

/* Who carries a program. */
enum reach_way {
	REACH_LIBRARY,    /* the library gets into it */
	REACH_GUARD,      /* only a guard would */
	REACH_ALONE,      /* only a guard would, and the dynamic linker must not be told of the library, which is not for it */
	REACH_PRIVILEGED, /* only a guard would, and one that takes privileges away would break it; or that cannot be told */
};

/* The circumstances of an exec. */
struct reach {
	const char *library;   /* as LD_PRELOAD names it; NULL if that is not known */
	const char *dirs;      /* the program's $PATH, or NULL: where env(1) will look for an interpreter */
	char *const *argv;     /* what the dynamic linker is told to run, if that is the program; or NULL */
	int cwd;               /* the directory in which it happens; AT_FDCWD: the current one */
	bool resets_ids;       /* the effective ids become the real ones before */
	const char *libraries; /* the program's $LD_LIBRARY_PATH, or NULL */
	bool *ordered;         /* set if the program has a library that must be the first: AddressSanitizer's; NULL if nobody asks */
};

/* Find out who carries what runs when `path`, or with "" the descriptor `at`, is executed (as by execveat(2)): the file itself or, for a script,
 * its interpreters. If that is not the library, `why` completes a sentence about it: "it is statically linked". A file that cannot be
 * executed passes for REACH_LIBRARY: exec will say why. */
enum reach_way reach_check(int at, const char *path, const struct reach *, struct text *why);

/* The same; and REACH_LIBRARY for everything if SOCKSIFY_UNSAFE says that programs need not be carried. */
enum reach_way reach_admit(int at, const char *path, const struct reach *, struct text *why);

/* True if the user says so. */
bool reach_is_waived(void);

/* The line for the user, of a program's name and why it is refused. */
#define REACH_REFUSAL "cannot proxy '%s': %s (--unsafe runs it anyway, unproxied)"

/* The same for the library `name`, of which the file `by` in this process says dlopen(3): its calls, and those of all that it needs, must go
 * through libc, unless a guard stands above. What cannot be found or read passes. `know` calls libraries_know() for what is loaded already. */
bool reach_admit_library(const char *name, const char *by, void (*know)(struct libraries *), struct text *refusal);

#endif
