/* SPDX-License-Identifier: MIT */
/* socket_owner: search the kernel's list of sockets. */
#include "dns/socket_owner.h"

#include <string.h>

#include "core/base/ascii.h"
#include "core/base/own.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"

enum { CHUNK = 4096, FIELD_LOCAL = 1, FIELD_USER = 7 };

/* Returns the start of the `n`th field of a line; NULL if it has fewer. */
static const char *field(const char *at, int n)
{
	for (;;) {
		at += strspn(at, " ");
		if (!*at || n-- == 0)
			return *at ? at : NULL;
		at += strcspn(at, " ");
	}
}

static unsigned long number(const char *at, unsigned base)
{
	unsigned long value = 0;

	for (int digit; (digit = ascii_hex(*at)) >= 0 && (unsigned)digit < base; at++)
		value = value * base + (unsigned long)digit;
	return value;
}

/* True for a line of that port and of our user, or root: "  12: 0100007F:1F90 00000000:0000 07 ... 1000 ..." (proc(5)). */
static bool is_ours(const char *line, uint16_t port)
{
	const char *const local = field(line, FIELD_LOCAL), *const user = field(line, FIELD_USER);
	const char *const colon = local ? strchr(local, ':') : NULL;

	if (!user || !colon || number(colon + 1, 16) != port)
		return false;
	const unsigned long uid = number(user, 10);
	return uid == 0 || uid == geteuid() || uid == getuid();
}

static int open_list(void *path)
{
	return (int)sys_rc(open(path, O_RDONLY | O_CLOEXEC));
}

static bool listed(const char *path, uint16_t port)
{
	const int fd = own_make(open_list, (void *)path);
	SCRATCH(room);
	char *const bytes = scratch_take(&room, CHUNK + 1);
	size_t len = 0;
	bool found = false;
	ssize_t n;

	while (fd >= 0 && bytes && !found && (n = sys.read(fd, bytes + len, CHUNK - len)) > 0) {
		char *line = bytes, *newline;
		len += (size_t)n;
		bytes[len] = '\0';
		while (!found && (newline = strchr(line, '\n'))) {
			*newline = '\0';
			found = is_ours(line, port);
			line = newline + 1;
		}
		len = strlen(line);
		memmove(bytes, line, len);
	}
	own_close(fd);
	return found;
}

bool socket_owner_is_us(uint16_t port)
{
	return listed("/proc/net/udp", port) || listed("/proc/net/udp6", port);
}
