/* SPDX-License-Identifier: MIT */
/* credentials: judge a user name and password by what goes over the wire. */
#include "conf/credentials.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/ascii.h"

static bool has_control(const char *s)
{
	for (; *s; s++)
		if (ascii_is_control(*s))
			return true;
	return false;
}

/* RFC 7617, 2 */
static const char *basic(const char *username, const char *password)
{
	if (strchr(username, ':'))
		return "the user name for an http proxy contains a ':'";
	if (has_control(username) || has_control(password))
		return "a control character in the user name or password for an http proxy";
	return NULL;
}

const char *credentials_objection(enum credentials what, const char *username, const char *password)
{
	if (*password && !*username)
		return "a password without a user name";
	switch (what) {
	case CREDENTIALS_USER:
		return *password ? "socks4 knows a user name but no password" : NULL;
	case CREDENTIALS_USER_AND_PASSWORD: /* RFC 1929, 2 */
		return *username && !*password ? "a user name without a password: socks5 wants 1 to 255 bytes of each" : NULL;
	case CREDENTIALS_BASIC:
		return basic(username, password);
	}
	return NULL;
}
