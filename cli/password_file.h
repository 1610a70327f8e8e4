/* SPDX-License-Identifier: MIT */
/* password_file: where the programs that we start find passwords, for as long as the user's session lasts. */
#ifndef CLI_PASSWORD_FILE_H
#define CLI_PASSWORD_FILE_H

#include <stdbool.h>

#include "conf/proxy.h"

/* Write down the password of a proxy, in place of an older one, and tell programs where. Returns false if there is no place that only this
 * user can read and that no disk keeps. */
bool password_file_put(const struct proxy *, const char *password);

/* True if it is written down there, by a socksify above this one or earlier in this one. */
bool password_file_knows(const struct proxy *);

#endif
