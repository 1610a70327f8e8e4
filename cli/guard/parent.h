/* SPDX-License-Identifier: MIT */
/* parent: the supervisor as the command's parent, where only an ancestor may look into a process (Yama's ptrace_scope = 1). This process stays in
 * front of both, and waits in the command's name: signals sent to it reach the command, it stops and goes on as the command does, and ends as that did.
 * Whatever the command leaves behind becomes the supervisor's child. */
#ifndef CLI_GUARD_PARENT_H
#define CLI_GUARD_PARENT_H

#include "conf/config.h"
#include "core/base/text.h"

/* Make the three of this process. Returns in the command's, with the connection to the supervisor that supervisor_run() speaks of; call
 * parent_settle() there. Or nothing comes of it, and it returns in this process, which is what it was, with what parent_settle() was given. */
int parent_split(const struct config *, struct text *problem);

/* In the command's process: with 0 it is what goes on. Else it ends. */
int parent_settle(int rc, const struct text *problem);

/* True in a command's process that was made so. */
bool parent_is_there(void);

#endif
