/* SPDX-License-Identifier: MIT */
/* credentials: judge a user name and password by what goes over the wire. */
#include "conf/credentials.h"

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
		return "a user name without ':'";
	return has_control(username) || has_control(password) ? "a user name and password without control characters" : NULL;
}

/* Returns what a proxy takes instead of the pair, or NULL. */
static const char *instead(enum credentials what, const char *username, const char *password)
{
	switch (what) {
	case CREDENTIALS_USER:
		return *password ? "a user name but no password" : NULL;
	case CREDENTIALS_USER_AND_PASSWORD: /* RFC 1929, 2 */
		return *username && !*password ? "a user name and a password, 1 to 255 bytes of each" : NULL;
	case CREDENTIALS_BASIC:
		return basic(username, password);
	case CREDENTIALS_LOGIN:
		return *password ? "no password from here: it asks for one on a terminal, and prefers keys" : NULL;
	}
	return NULL;
}

bool credentials_check(enum credentials what, const char *scheme, const char *username, const char *password, struct text *problem)
{
	const char *const wanted = instead(what, username, password);

	if (*password && !*username)
		text_add(problem, "a password without a user name");
	else if (wanted)
		text_add(problem, "%s takes %s", scheme, wanted);
	return !problem->len;
}
