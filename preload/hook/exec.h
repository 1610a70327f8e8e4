/* SPDX-License-Identifier: MIT */
/* exec: whatever this program executes is proxied as the program is, or is not executed. */
#ifndef HOOK_EXEC_H
#define HOOK_EXEC_H

/* Returns 0 if the library gets into what execveat(at, path, argv, env, ...) runs; else logs why not and returns ERR_UNPROXIED. */
int exec_check(int at, const char *path, char *const env[]);

#endif
