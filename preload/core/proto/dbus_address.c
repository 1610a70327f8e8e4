/* SPDX-License-Identifier: MIT */
/* dbus_address: read the unix sockets from the text of bus addresses. */
#include "core/proto/dbus_address.h"

#include <stddef.h>
#include <string.h>

#include "core/base/ascii.h"

/* Read a value, in which %XX stands for any byte. Returns its length, or -1 if it is wrong or has no room. */
static int read_value(char *to, size_t room, const char *at, const char *end)
{
	size_t n = 0;

	while (at < end) {
		int byte = (unsigned char)*at++;
		if (byte == '%') {
			if (end - at < 2 || ascii_hex(at[0]) < 0 || ascii_hex(at[1]) < 0)
				return -1;
			byte = ascii_hex(at[0]) << 4 | ascii_hex(at[1]);
			at += 2;
		}
		if (n == room)
			return -1;
		to[n++] = (char)byte;
	}
	return (int)n;
}

/* Read the socket of one pair of key and value. Returns its length, 0 if it has none. */
static socklen_t read_pair(struct sockaddr_un *to, const char *at, const char *end)
{
	static const char path[] = "path=", abstract[] = "abstract=";
	const bool is_path = strncmp(at, path, sizeof(path) - 1) == 0, is_abstract = strncmp(at, abstract, sizeof(abstract) - 1) == 0;

	if (!is_path && !is_abstract)
		return 0;
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	at += is_path ? sizeof(path) - 1 : sizeof(abstract) - 1;
	/* a byte is left for the NUL behind the one, and before the other */
	const int n = read_value(to->sun_path + is_abstract, sizeof(to->sun_path) - 1, at, end);
	return n > 0 ? (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n + 1) : 0;
}

static socklen_t read_address(struct sockaddr_un *to, const char *at, const char *end)
{
	socklen_t len = 0;

	if (strncmp(at, "unix:", 5) != 0)
		return 0;
	for (at += 5; at < end && !len; at += strcspn(at, ",;") + 1)
		len = read_pair(to, at, at + strcspn(at, ",;"));
	return len;
}

socklen_t dbus_address_next(const char **addresses, struct sockaddr_un *to)
{
	socklen_t len = 0;

	while (**addresses && !len) {
		const char *const at = *addresses, *const end = at + strcspn(at, ";");
		*addresses = end + !!*end;
		len = read_address(to, at, end);
	}
	return len;
}
