/* SPDX-License-Identifier: MIT */
/* udp: the application's datagram sockets that send through chains, for hooks. Any thread and any signal handler; no socket's lock is
 * held while a thread waits. */
#ifndef UDP_UDP_H
#define UDP_UDP_H

#include <sys/socket.h>

#include "core/base/endpoint.h"
#include "core/proto/udp_header.h"
#include "core/proto/udp_relay.h"
#include "core/route/decide.h"
#include "fd/table.h"
#include "udp/kin.h"

struct udp;

/* Where one datagram goes. */
struct udp_dest {
	const struct route *route;
	unsigned group;     /* peer.h */
	bool stands;        /* direct, or the association stood just now: the rest is valid */
	bool connected;     /* the kernel has connected the socket: directly, or to a forwarder; else: */
	bool plain;         /* it goes without headers */
	bool first, queued; /* the journal has none to there yet; it waits for the association */
	struct endpoint at; /* the relay, or the destination if direct */
	uint16_t header_len, front_len;
	uint8_t front[UDP_RELAY_FRONT]; /* the headers for further relays: `front_len` bytes, at its end */
	uint8_t header[UDP_HEADER_MAX]; /* the last one's, right behind them */
};

/* True if this process has such a socket. */
bool udp_any(void);

/* Send as this program's configuration says; the app must live for ever. */
void udp_use(const struct app *);

/* True if `fd` is a socket by which only a parent or a child sends through a chain so far: it is such a socket from now on. Leaves errno alone. */
bool udp_inherit_kin(int fd);

/* True if `fd` seems to be such a socket. Costs two loads and a test, in most processes two loads more. */
static inline bool udp_is(int fd)
{
	const struct fd_entry *entry = fd_entry_find(fd);

	return (entry && fd_entry_is(entry, FD_UDP)) || (kin_any() && udp_inherit_kin(fd));
}

/* Returns what is known of the socket `fd`, to be used until udp_leave(); NULL if it never sent through a chain. */
struct udp *udp_enter(int fd);
void udp_leave(struct udp *);

/* The same, made if necessary; NULL with a reason in `rc`: ERR_RAW if `fd` is no UDP socket. */
struct udp *udp_make(int fd, int *rc);

/* Forget the socket `fd` if its number was closed behind our back. Call it before the number is used for another. */
void udp_verify(int fd);

/* The socket sends directly: let direct answers in, even if it also sends through a chain, now or later. */
void udp_sends_direct(int fd, const struct sockaddr *to, socklen_t len);

/* True if the socket last sent directly to this address, and never sent otherwise: then nothing need be decided again. */
bool udp_is_direct(int fd, const struct sockaddr *to, socklen_t len);

/* Address a datagram to the connected peer (`to` NULL) or to a peer known before. If udp_address() returns false, decide its route and
 * call udp_meet(), which may look up a name and returns 0 or a negative err. */
bool udp_address(struct udp *, int fd, const struct sockaddr *to, socklen_t len, struct udp_dest *);
int udp_meet(struct udp *, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *, struct udp_dest *);

/* sendmsg() to an address found before; recvmsg(); the length of the next datagram. Return a length or a negative err. The socket is left: a
 * thread that is cancelled while it waits, or jumps away, holds nothing. */
ssize_t udp_send(struct udp *, int fd, struct udp_dest *, const struct msghdr *, int flags);
ssize_t udp_receive(struct udp *, int fd, struct msghdr *, int flags);
int udp_pending(struct udp *, int fd);

/* A receive call of libc's has got `n` bytes, but the socket has sent through a chain since it began. Take the headers off the buffers of `m`, and
 * correct `source`, which may be none, unknown. Returns the new length, or -EAGAIN if the application must not have the datagram. */
ssize_t udp_strip(int fd, const struct msghdr *, size_t n, struct endpoint *source);

/* Make `to` the peer, as connect() does; or take the peer away. */
int udp_connect(struct udp *, int fd, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *);
void udp_disconnect(struct udp *, int fd);

/* Returns the MTU of the way that the datagrams of a connected socket take, less our headers; -ENOTCONN if it is none of ours. */
int udp_mtu(int fd);

/* The kernel tells `own` of the socket: complete it with the address that it had when it was connected. */
void udp_own(int fd, struct endpoint *own);

/* Find the peer to which the application has connected the socket `fd`; false if we know of none. */
bool udp_peer(int fd, struct endpoint *);

/* Returns a failure that the application has not heard of, once: 0 or a negative err. */
int udp_error(struct udp *);

/* The kernel has told the application of an error; or the application itself says whether it wants them in the queue. */
void udp_error_told(int fd);
void udp_errors_asked(int fd);

/* The descriptor was duplicated, to the number `to`. */
void udp_copied(const struct fd_entry *, int to);

/* The descriptor was closed. Its entry is locked and has FD_UDP. */
void udp_closed(struct fd_entry *);

/* Do what close() does, and let no other thread find the socket without its struct udp, or the number with one no longer its own. */
int udp_close(struct fd_entry *, int fd);

/* The program ends: wait until what it has sent is on its way. */
void udp_exit(void);

/* In a child after fork: count the descriptors anew, and drop what other threads were setting up. */
void udp_forked(void);

#endif
