/* SPDX-License-Identifier: MIT */
/* passwords: what the launcher has asked for, or was told on its command line, handed on in a file that only the user can read: others may
 * see an environment. A line is the proxy and its password, both percent-encoded, with a tab between. */
#ifndef CONF_LOAD_PASSWORDS_H
#define CONF_LOAD_PASSWORDS_H

#include "conf/proxy.h"

/* The variable that says where the file is. */
#define PASSWORDS_VARIABLE "SOCKSIFY_PASSWORDS"

enum { PASSWORDS_LINE = 3 * (PROXY_TEXT + PROXY_CREDENTIAL_MAX) + 3 };

/* Append the line for a proxy: of its section, or of its URL if it has none. */
void passwords_add(struct text *, const struct proxy *, const char *password);

/* True if `line` is one for that proxy, whatever its password. */
bool passwords_is_for(const char *line, const struct proxy *);

/* Find the password of a proxy in such a file's lines. Returns false if there is none. */
bool passwords_find(const char *lines, const struct proxy *, char password[static PROXY_CREDENTIAL_MAX + 1]);

#endif
