/* SPDX-License-Identifier: MIT */
/* privilege: whether the kernel has a program started in secure execution mode (AT_SECURE), where the dynamic linker ignores LD_PRELOAD. */
#ifndef CORE_EXEC_PRIVILEGE_H
#define CORE_EXEC_PRIVILEGE_H

#include <stdbool.h>

/* Returns why the calling thread's exec of the file behind `fd` would be secure: "is set-uid, so..."; NULL if it would not. With `resets_ids` the
 * effective ids become the real ones before. What the policy of AppArmor or SELinux adds to that cannot be told, only what the thread
 * itself has asked them for. */
const char *privilege_reason(int fd, bool resets_ids);

/* A guard that could not be put up without taking set-uid programs' privileges (PR_SET_NO_NEW_PRIVS) has this in its word, SYS_MARKER. Who asks for them
 * shall hear of it, and not run without. */
#define PRIVILEGE_TAKEN ".bare"

/* Heed the word of the guard above; NULL: there is none. */
void privilege_heed(const char *word);

/* True if the guard above took them. */
bool privilege_is_taken(void);

#endif
