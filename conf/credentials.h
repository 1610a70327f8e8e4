/* SPDX-License-Identifier: MIT */
/* credentials: which user names and passwords a proxy's protocol can carry. */
#ifndef CONF_CREDENTIALS_H
#define CONF_CREDENTIALS_H

#include <stdbool.h>

#include "core/base/text.h"

/* A column of protocol.def. */
enum credentials { CREDENTIALS_USER, CREDENTIALS_USER_AND_PASSWORD, CREDENTIALS_BASIC, CREDENTIALS_LOGIN };

/* Returns false with what is wrong with the pair for a URL of that scheme, in words that never repeat them. "" stands for one that was not given. */
bool credentials_check(enum credentials, const char *scheme, const char *username, const char *password, struct text *problem);

#endif
