/* SPDX-License-Identifier: MIT */
/* exec: whatever this program executes is proxied as the program is, or is not executed. */
#ifndef HOOK_EXEC_H
#define HOOK_EXEC_H

#include <spawn.h>
#include <stdbool.h>

#include "core/base/scratch.h"
#include "core/exec/launcher.h"
#include "core/exec/reach.h"

enum { EXEC_BY_LAUNCHER = 1, EXEC_ALONE };

/* Returns 0 if the library gets into what execveat(at, path, argv, env, ...) runs, `here` in this process or in a child, and in the
 * circumstances `r`, of which only `library`, `dirs` and `libraries` are not the caller's to say; or if the guard above carries it.
 * EXEC_ALONE: that carries it, and the dynamic linker must not be told of the library. EXEC_BY_LAUNCHER: the launcher could put a guard up for it. Else logs why not and returns ERR_UNPROXIED. */
int exec_check(int at, const char *path, char *const env[], struct reach r, bool here);

/* Complete the environment `env` in scratch that stays the caller's; `rc` and `ordered` are what exec_check() has said. The program is
 * executed `here` in this process, or in a child. False if there is no memory. */
bool exec_environment(struct scratch *, char *const env[], int rc, bool ordered, bool here, char *const **whole);

/* Returns what to execute in place of that program with the completed environment, so that the launcher puts the guard up; NULL if there is no
 * memory. It lies in scratch that stays the caller's, who closes what was lent if that is not executed. */
const struct launcher *exec_launcher(struct scratch *, int at, const char *path, char *const argv[], char *const whole[]);

/* Start a shell that runs `line` with `environ`, as posix_spawn(3) does with those actions and attributes. Returns its errno. */
int exec_shell(pid_t *, const char *line, const posix_spawn_file_actions_t *, const posix_spawnattr_t *);

/* Wait for a child to end, whatever interrupts that. Returns its status, or -1 and errno. A cancellation point. */
int exec_wait(pid_t);

#endif
