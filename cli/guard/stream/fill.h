/* SPDX-License-Identifier: MIT */
/* fill: let a nonblocking socket of the command's seem to be connecting: it is connected to us, and its send buffer is full of zeros that we do not
 * read, so that it is neither readable nor writable. When we have read those, it is writable. For the engine's thread. */
#ifndef CLI_GUARD_STREAM_FILL_H
#define CLI_GUARD_STREAM_FILL_H

#include <stddef.h>

#include "cli/guard/guest/socket.h"

struct fill {
	int end;     /* ours of the connection; negative: none */
	size_t junk; /* bytes of zeros that come first there */
	int locks;   /* SO_BUF_LOCK of the command's socket before, */
	int size;    /* and SO_SNDBUF */
};

/* Connect and fill a socket that may connect. If that fails, there is no `end`, and the socket is as it was. */
void fill_begin(struct fill *, const struct guest_socket *);

/* The way stands: give the command's socket its buffers back. What comes to `end`, which is the caller's, is `junk` bytes of zeros and then the
 * command's own. */
void fill_end(const struct fill *, const struct guest_socket *);

/* There is no way: the command's socket is reset. */
void fill_fail(struct fill *);

#endif
