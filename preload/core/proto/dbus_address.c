/* SPDX-License-Identifier: MIT */
/* dbus_address: compare a socket address with the text of a bus address, without unescaping that first. */
#include "core/proto/dbus_address.h"

#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "core/base/ascii.h"

/* True if a value, in which %XX stands for any byte, spells these bytes. */
static bool says(const char *value, const char *end, const char *bytes, size_t n)
{
	for (; value < end && n; n--) {
		int byte = (unsigned char)*value++;
		if (byte == '%') {
			if (end - value < 2 || ascii_hex(value[0]) < 0 || ascii_hex(value[1]) < 0)
				return false;
			byte = ascii_hex(value[0]) << 4 | ascii_hex(value[1]);
			value += 2;
		}
		if (byte != (unsigned char)*bytes++)
			return false;
	}
	return value == end && !n;
}

static bool one_is(const char *at, const char *end, const char *key, const char *name, size_t n)
{
	const size_t key_len = strlen(key);

	if (strncmp(at, "unix:", 5) != 0)
		return false;
	for (at += 5; at < end; at++) {
		const char *const pair_end = at + strcspn(at, ",;");
		if (strncmp(at, key, key_len) == 0 && says(at + key_len, pair_end, name, n))
			return true;
		at = pair_end;
	}
	return false;
}

bool dbus_address_is(const char *addresses, const struct sockaddr *to, socklen_t len)
{
	const size_t before = offsetof(struct sockaddr_un, sun_path);
	const char *const path = (const char *)to + before;

	if (!to || len <= before || to->sa_family != AF_UNIX)
		return false;
	const bool abstract = !*path;
	const size_t n = abstract ? len - before - 1 : strnlen(path, len - before);
	for (const char *at = addresses, *end; *at; at = end + !!*end) {
		end = at + strcspn(at, ";");
		if (one_is(at, end, abstract ? "abstract=" : "path=", path + abstract, n))
			return true;
	}
	return false;
}
