/* dbus_stream: what a client says to a message bus, followed wherever it is cut (D-Bus specification, "Message Protocol"). */
#ifndef CORE_PROTO_DBUS_STREAM_H
#define CORE_PROTO_DBUS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { DBUS_FIXED = 16 }; /* every message begins with so many bytes of the same layout */

/* All zero: a connection on which nothing was said yet. */
struct dbus_stream {
	uint8_t part;       /* what is being read */
	uint8_t seen;       /* how many bytes of the fixed part, or of a name, were */
	uint8_t candidates; /* the names that it may be: one bit each */
	bool nul;           /* there was one among the last eight bytes that stand together */
	uint8_t fixed[DBUS_FIXED];
	uint32_t fields, body; /* how many bytes of them are to come, padding included */
};

/* Read up to `n` bytes, and stop behind the one that completes one of `names` (8 at most, then NULL) as the beginning of the destination,
 * the interface or the path of a method call: `*found` is that name, else NULL. How many were read, or -1 if this is not D-Bus. */
ssize_t dbus_stream_read(struct dbus_stream *, const uint8_t *at, size_t n, const char *const names[], const char **found);

#endif
