/* SPDX-License-Identifier: MIT */
/* credentials: which user names and passwords a proxy's protocol can carry. */
#ifndef CONF_CREDENTIALS_H
#define CONF_CREDENTIALS_H

/* A column of protocol.def. */
enum credentials { CREDENTIALS_USER, CREDENTIALS_USER_AND_PASSWORD, CREDENTIALS_BASIC };

/* Returns what is wrong with the pair, in words that never repeat them, or NULL if nothing is. "" stands for one that was not given. */
const char *credentials_objection(enum credentials, const char *username, const char *password);

#endif
