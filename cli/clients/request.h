/* SPDX-License-Identifier: MIT */
/* request: what a client asks of a proxy, heard from the proxy's side: SOCKS5 (RFC 1928) or HTTP CONNECT (RFC 9110, 9.3.6). Bytes in, bytes
 * out, no I/O. */
#ifndef CLI_CLIENTS_REQUEST_H
#define CLI_CLIENTS_REQUEST_H

#include "core/base/addr.h"
#include "core/base/buf.h"

enum { REQUEST_IN = 8 * 1024, REQUEST_OUT = 512 };

enum request_state {
	REQUEST_MORE,     /* the client has more to say */
	REQUEST_COMPLETE, /* `target` is what it wants to reach: request_answer() */
	REQUEST_REFUSED,  /* `out` says why; or it is empty, because the client speaks another language */
};

/* All zero at first. The caller appends what it receives to `in`, and sends what is in `out`. */
struct client_request {
	uint8_t in[REQUEST_IN];
	size_t got, taken; /* how many bytes came, and how many of those belonged to the request; the rest is for the target */
	uint8_t out[REQUEST_OUT];
	size_t said;        /* how many bytes are in `out` */
	bool http, greeted; /* it is HTTP; it is SOCKS5, and we have agreed on a method */
	struct addr target;
};

/* Read on in what has come. May append to `out`. */
enum request_state request_read(struct client_request *);

/* Append the answer to a complete request: 0, or the negative err of the dial. */
void request_answer(struct client_request *, int rc);

#endif
