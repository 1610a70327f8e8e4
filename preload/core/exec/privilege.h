/* SPDX-License-Identifier: MIT */
/* privilege: whether the kernel has a program started in secure execution mode (AT_SECURE), where the dynamic linker ignores LD_PRELOAD. */
#ifndef CORE_EXEC_PRIVILEGE_H
#define CORE_EXEC_PRIVILEGE_H

#include <stdbool.h>

/* Returns why the calling thread's exec of the file behind `fd` would be secure: "is set-uid, so..."; NULL if it would not. With `resets_ids` the
 * effective ids become the real ones before. What the policy of AppArmor or SELinux adds to that cannot be told, only what the thread
 * itself has asked them for. */
const char *privilege_reason(int fd, bool resets_ids);

#endif
