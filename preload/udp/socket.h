/* socket: a datagram socket of the application's that sends through chains. */
#ifndef UDP_SOCKET_H
#define UDP_SOCKET_H

#include <sys/socket.h>

#include "core/route/decide.h"
#include "udp/association.h"
#include "core/base/lock.h"
#include "udp/peer.h"
#include "fd/table.h"

enum { UDP_ASSOCIATIONS = 8, UDP_NOT_LINKED = -1 };

/* One per socket: duplicates of its descriptor share it, and so does a forked child, until either of them makes an association anew. */
struct udp {
	struct udp *next, *prev; /* all of this process, for fork */
	struct lock lock;
	unsigned slots;    /* descriptors that are it; none: it is closed */
	atomic_uint users; /* those, and calls and makings under way: none: it is freed */
	uint64_t cookie;
	atomic_uint closing; /* calls to udp_close() */
	atomic_uint calls; /* since the cookie was looked at, roughly */
	int family;
	atomic_bool direct; /* it sends directly, too */
	bool corked;    /* the last send said MSG_MORE: the next one adds to the same datagram */
	atomic_bool connected; /* by the application, to: */
	struct peer peer;
	atomic_uint front_len; /* of the relay used last, roughly: how long the headers of an answer will be */
	int linked; /* the association whose relay the kernel has it connected to */
	atomic_int error; /* what went wrong behind the application's back, not yet told: a negative err */
	int socket; /* private: the socket, while the engine makes an association for it */
	unsigned making; /* how many the engine makes */
	struct association associations[UDP_ASSOCIATIONS];
	struct peers peers;
};

/* Where one datagram goes. */
struct udp_dest {
	const struct route *route;
	unsigned group;
	bool to_peer; /* no address was given: to whom the socket is connected */
	uint16_t header_len;
	uint8_t header[UDP_HEADER_MAX];
	struct endpoint real; /* when direct */
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

/* Forget the socket `fd` if its number was closed behind our back, as it is about to be used for another. */
void udp_verify(int fd);

/* The same as udp_enter(), made when there is none; NULL with a reason in `rc`: ERR_RAW if it is no UDP socket. */
struct udp *udp_make(int fd, int *rc);

/* The socket sends directly: its answers are to be let in, should it ever send through a chain. */
void udp_sends_direct(int fd, const struct sockaddr *to, socklen_t len);

/* Whether that is where it last sent directly, and it never sent otherwise: then nothing has to be decided again. */
bool udp_is_direct(int fd, const struct sockaddr *to, socklen_t len);

/* Address a datagram to whom the socket is connected (`to` NULL), or to somebody met before; false: the caller has to decide which way it
 * goes, and udp_meet(). */
bool udp_address(struct udp *, const struct sockaddr *to, socklen_t len, struct udp_dest *);
int udp_meet(struct udp *, const struct sockaddr *to, socklen_t len, const struct addr *where, const struct route *, struct udp_dest *);

/* sendmsg(), but for the address; recvmsg(); the length of the next datagram. 0.. or a negative err. */
ssize_t udp_send(struct udp *, int fd, const struct udp_dest *, const struct msghdr *, int flags);
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

/* For the files of udp alone. */
const struct app *udp_app(void);
/* The association for a parcel, ready; or none and the datagram waits in its backlog (then *waits); or a negative err. */
int udp_associate(struct udp *, int fd, const struct udp_dest *, const struct msghdr *, bool nonblocking, bool *waits);
struct association *udp_association(struct udp *, const struct route *, unsigned group);
/* Make sure that the association for a parcel along `route_here` stands. 0 or a negative err. */
int udp_face_dns(struct udp *, int fd, const struct udp_dest *);
void udp_link(struct udp *, int fd, int association);

#endif
