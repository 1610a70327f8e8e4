/* SPDX-License-Identifier: MIT */
/* spawn_cwd: where posix_spawn(3) executes a program. */
#ifndef CORE_EXEC_SPAWN_CWD_H
#define CORE_EXEC_SPAWN_CWD_H

#include <spawn.h>

/* Returns the directory in which a child with these actions (or NULL) executes its program: AT_FDCWD, this process's; or a descriptor that the caller
 * must close; or REACH_NOWHERE if that cannot be told. Changes errno. */
int spawn_cwd(const posix_spawn_file_actions_t *);

#endif
