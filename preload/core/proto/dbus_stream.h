/* SPDX-License-Identifier: MIT */
/* dbus_stream: follow what a client sends to a message bus, however its writes are cut (D-Bus specification, "Message Protocol"). */
#ifndef CORE_PROTO_DBUS_STREAM_H
#define CORE_PROTO_DBUS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { DBUS_FIXED = 16 }; /* the length of the part that every message begins with */

/* All zero: a connection on which nothing was sent yet. */
struct dbus_stream {
	uint8_t part;       /* which part of the message is being read */
	uint8_t seen;       /* bytes read of the fixed part, or of a name */
	uint8_t candidates; /* the names that still match: one bit each */
	bool nul;           /* the current group of eight bytes has a NUL */
	uint8_t fixed[DBUS_FIXED];
	uint32_t fields, body; /* bytes of each still to come, padding included */
};

/* Read up to `n` bytes, and stop after the one that completes one of `names` (at most 8, then NULL) as the beginning of a method call's
 * destination, interface or path; `*found` is that name, else NULL. Returns how many bytes were read, or -1 if this is not D-Bus. */
ssize_t dbus_stream_read(struct dbus_stream *, const uint8_t *at, size_t n, const char *const names[], const char **found);

#endif
