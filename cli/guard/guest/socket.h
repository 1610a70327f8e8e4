/* SPDX-License-Identifier: MIT */
/* socket: one of the command's sockets, as the socket itself says, whatever the command says of it. */
#ifndef CLI_GUARD_GUEST_SOCKET_H
#define CLI_GUARD_GUEST_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "cli/guard/guest/notice.h"
#include "core/base/endpoint.h"

struct guest_socket {
	int fd; /* our duplicate */
	int family, type, protocol;
	int flags;        /* F_GETFL */
	uint64_t inode;   /* in the command, of what we may only look at */
	uint64_t cookie;  /* tells it from every other socket, before and after */
	uint64_t network; /* of the namespace of networks that the socket is in */
};

/* Look at the socket behind a number of the command's. Returns 0, and a descriptor to close; -EBADF, -ENOTSOCK, or as guest_fd() fails. */
int socket_take(struct guest_socket *, const struct notice *, int number);
void socket_drop(struct guest_socket *);

uint64_t socket_cookie(int fd);

/* Returns the number of a socket's network namespace; 0 before Linux 5.14. */
uint64_t socket_network(int fd);

/* Find out what address a socket is bound to; the family alone means none. Returns 0 or -errno. */
int socket_address(int fd, struct endpoint *own);

/* Returns the address from which this machine would send there; none if it has no way there. */
struct endpoint socket_source(const struct endpoint *to);

/* True if that is not the supervisor's. */
bool socket_is_elsewhere(const struct guest_socket *);

/* True for a family of sockets that reach nobody else's machine. */
bool socket_is_local(const struct guest_socket *);
bool socket_is_inet(const struct guest_socket *);
bool socket_is_tcp(const struct guest_socket *); /* or its kin, MPTCP */
bool socket_is_udp(const struct guest_socket *); /* or UDP-Lite */

/* Returns for how many ns a call waits (SO_SNDTIMEO); 0: without limit. */
int64_t socket_patience(const struct guest_socket *);

/* Let a read return with a single octet while the proxy answers. Returns the SO_RCVLOWAT to restore, 0 if none. */
int socket_lower_lowat(const struct guest_socket *);

/* Returns 0 if a TCP socket may connect now, else -EALREADY or -EISCONN. */
int socket_state(const struct guest_socket *);

/* True if a TCP socket neither is connected nor listens, and nothing has ever come or gone by it. */
bool socket_is_unused(const struct guest_socket *);

/* bind(2) of a socket of ours: 0 or -errno. */
int socket_bind(int fd, const struct endpoint *);

/* connect(2) by the supervisor, for its duplicate: 0 or -errno. A blocking socket does not block: -EINPROGRESS. */
int socket_connect(const struct guest_socket *, const struct sockaddr *, socklen_t len);

/* Connect a stream socket to the supervisor. Returns 0 with our end in `*end`, with that SO_RCVBUF if `room` is not 0; or -errno, and
 * the socket is as it was. */
int socket_join(const struct guest_socket *, int room, int *end);

#endif
