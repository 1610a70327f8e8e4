/* SPDX-License-Identifier: MIT */
/* udp: datagram sockets of the application's that send through chains, for hooks.
 * Any thread and any signal handler may call these; each socket has a lock, which is not held while anything is waited for. */
#ifndef UDP_UDP_H
#define UDP_UDP_H

#include <sys/socket.h>

#include "core/base/endpoint.h"
#include "core/proto/udp_header.h"
#include "core/proto/udp_relay.h"
#include "core/route/decide.h"
#include "fd/table.h"

struct udp;

/* Where one datagram goes. */
struct udp_dest {
	const struct route *route;
	unsigned group;     /* peer.h */
	bool stands;        /* direct, or the association stood just now: the rest is good */
	bool connected;     /* the kernel has the socket connected to: */
	struct endpoint at; /* the relay, or who is meant, when direct */
	uint16_t header_len, front_len;
	uint8_t header[UDP_HEADER_MAX];                  /* for the last relay */
	uint8_t front[UDP_RELAY_FRONT + UDP_HEADER_MAX]; /* all headers */
};

/* Send as is decided for this program; it must outlive the process. */
void udp_use(const struct app *);

/* Whether `fd` seems to be such a socket: two loads and a test. */
static inline bool udp_is(int fd)
{
	const struct fd_entry *entry = fd_entry_find(fd);

	return entry && fd_entry_is(entry, FD_UDP);
}

/* What is known of the socket `fd`, kept until udp_leave(); NULL if it never sent through a chain. */
struct udp *udp_enter(int fd);
void udp_leave(struct udp *);

/* The same, made when there is none; NULL with a reason in `rc`: ERR_RAW if it is no UDP socket. */
struct udp *udp_make(int fd, int *rc);

/* Forget the socket `fd` if its number was closed behind our back, as it is about to be used for another. */
void udp_verify(int fd);

/* The socket sends directly: its answers are let in, also if it sends through a chain, now or later. */
void udp_sends_direct(int fd, const struct sockaddr *to, socklen_t len);

/* Whether that is where it last sent directly, and it never sent otherwise: then nothing has to be decided again. */
bool udp_is_direct(int fd, const struct sockaddr *to, socklen_t len);

/* Address a datagram to whom the socket is connected (`to` NULL), or to somebody met before; false: the caller has to decide which way it
 * goes, and udp_meet(), which may look up a name. 0 or a negative err. */
bool udp_address(struct udp *, const struct sockaddr *to, socklen_t len, struct udp_dest *);
int udp_meet(struct udp *, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *, struct udp_dest *);

/* sendmsg(), but for the address; recvmsg(); the length of the next datagram. 0.. or a negative err. */
ssize_t udp_send(struct udp *, int fd, struct udp_dest *, const struct msghdr *, int flags);
ssize_t udp_receive(struct udp *, int fd, struct msghdr *, int flags);
int udp_pending(struct udp *, int fd);

/* connect(): from now on `to` is the peer. disconnect: there is none. */
int udp_connect(struct udp *, int fd, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *);
void udp_disconnect(struct udp *);

/* To whom the application has connected the socket `fd`, if that is known here. */
bool udp_peer(int fd, struct endpoint *);

/* What went wrong behind the application's back, told once: 0 or a negative err. */
int udp_error(struct udp *);

/* A duplicate of the descriptor was made, with the number `to`. */
void udp_copied(const struct fd_entry *, int to);

/* The descriptor was closed. Its entry is locked, and FD_UDP. */
void udp_closed(struct fd_entry *);

/* close(), so that no other thread sees the socket without what is known of it, or its number with what is not true of it any more. */
int udp_close(struct fd_entry *, int fd);

/* In a child after fork. */
void udp_forked(void);

#endif
