/* SPDX-License-Identifier: MIT */
/* mux: what is said over the control socket of an OpenSSH master (OpenSSH's PROTOCOL.mux, version 4). Bytes in, bytes out, no I/O. */
#ifndef CLI_HOPS_MUX_H
#define CLI_HOPS_MUX_H

#include "core/base/addr.h"
#include "core/base/buf.h"

enum { MUX_OUT = 512, MUX_IN = 2048 };

/* What the master says. */
enum mux_message {
	MUX_MORE,    /* the message is not all there */
	MUX_HELLO,   /* it speaks this version */
	MUX_ALIVE,   /* the answer to mux_put_check() */
	MUX_DONE,    /* the server listens, or no longer does */
	MUX_PORT,    /* the server listens at a port that it has chosen: mux_port() */
	MUX_OPENED,  /* the destination has accepted */
	MUX_REFUSED, /* it has not, or the master does not let us ask */
	MUX_OTHER,   /* something that needs no answer */
	MUX_GARBLED  /* this is no master, or of another version */
};

/* Append the greeting, which comes first; a question whether the master is there; the command to end it. */
void mux_put_hello(struct buf *);
void mux_put_check(struct buf *);
void mux_put_end(struct buf *);

/* Append the wish for a connection to `target`. Two messages of one octet follow, each with a descriptor (SCM_RIGHTS): what the master is to
 * read from and what it is to write to. */
void mux_put_forward(struct buf *, const struct addr *target);

/* Append the wish that the server listen at `port` of all its addresses (0: a port of its choice), and lead who comes to `to`; or no longer
 * do so. What the server does with "all" is up to its GatewayPorts. */
void mux_put_listen(struct buf *, uint16_t port, const struct addr *to);
void mux_put_listen_no_more(struct buf *, uint16_t port, const struct addr *to);

/* Read the first message of the `n` bytes at `in`, and set its length. */
enum mux_message mux_get(const uint8_t *in, size_t n, size_t *len);

/* Returns the port of the MUX_PORT at `in`. */
uint16_t mux_port(const uint8_t *in);

#endif
