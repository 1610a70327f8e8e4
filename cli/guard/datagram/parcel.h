/* SPDX-License-Identifier: MIT */
/* parcel: a message that the command sends to an address, copied once out of its memory, and sent from here. For the engine's thread. */
#ifndef CLI_GUARD_DATAGRAM_PARCEL_H
#define CLI_GUARD_DATAGRAM_PARCEL_H

#include <stddef.h>
#include <sys/socket.h>

#include "cli/guard/guest/notice.h"

enum { PARCEL_BYTES = 65536, PARCEL_CONTROL = 1024, PARCEL_PARTS = 1024 /* UIO_MAXIOV */ };

struct parcel {
	struct sockaddr_storage to;
	socklen_t len; /* of `to`; 0: it has no address of its own */
	int flags;
	size_t n, control_n;
	int nth; /* message of its call; -1: it is the only one */
	_Alignas(max_align_t) uint8_t control[PARCEL_CONTROL];
	uint8_t bytes[PARCEL_BYTES];
};

/* Returns a copy to be freed with free(), or NULL. */
struct parcel *parcel_copy(const struct parcel *);

/* Send it on a socket of the command's, without waiting. Returns its length, or -errno. */
long parcel_send(const struct parcel *, int fd);

/* Let it come from whatever address and interface lead to where it goes: those that it names are not there. */
void parcel_forget_source(struct parcel *);

/* Copy what sendto(2) sends. Returns 0 or a negative err. */
int parcel_take(struct parcel *, const struct notice *);

/* Returns 1 if the message whose struct msghdr is at `at` has an address, 0 if not, or a negative err: -EPERM if it has a
 * route of its own (source_route.h). */
int parcel_is_addressed(const struct notice *, uint64_t at);

/* Copy that message. Returns 0 or a negative err. */
int parcel_take_message(struct parcel *, const struct notice *, uint64_t at, int flags);

#endif
