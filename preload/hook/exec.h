/* SPDX-License-Identifier: MIT */
/* exec: what is executed from here is proxied as this program is, or is not executed. */
#ifndef HOOK_EXEC_H
#define HOOK_EXEC_H

/* 0 if the library gets into what execveat(at, path, argv, env, ...) runs; else ERR_UNPROXIED, after a line that says why. */
int exec_check(int at, const char *path, char *const env[]);

#endif
