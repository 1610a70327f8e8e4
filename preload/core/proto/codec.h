/* SPDX-License-Identifier: MIT */
/* codec: one protocol's half of a handshake. It appends to h->out, then names how many bytes it awaits and
 * which of its functions reads them: the function to run next is all the state there is. */
#ifndef CORE_PROTO_CODEC_H
#define CORE_PROTO_CODEC_H

#include "core/proto/handshake.h"

/* One for each row of protocol.def: append the first message and expect the first reply. Returns 0 or ERR_PROXY_ADDRESS. */
#define PROTOCOL(id, scheme, port, abilities, credentials, codec) int codec(struct handshake *);
#define SCHEME(...)
#include "conf/protocol.def"
#undef PROTOCOL
#undef SCHEME

/* Run `then` once the next `n` bytes are at h->in. Returns 0. */
int handshake_expect(struct handshake *, size_t n, int (*then)(struct handshake *));

/* Run `then` once `n` more bytes have joined those at h->in. Returns 0. */
int handshake_expect_more(struct handshake *, size_t n, int (*then)(struct handshake *));

/* The hop agreed, and its reply ends here. Returns 0. */
int handshake_finish(struct handshake *);

#endif
