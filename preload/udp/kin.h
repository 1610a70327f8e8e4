/* SPDX-License-Identifier: MIT */
/* kin: what this process's parents and children tell of the relays by which they send, since datagram sockets are shared over a fork: the
 * answers may come to any of them. Any thread, process and signal handler. */
#ifndef UDP_KIN_H
#define UDP_KIN_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/endpoint.h"
#include "core/proto/udp_relay.h"

extern _Atomic(void *) kin_shared; /* begins with the number of relays told */

/* The program has made a datagram socket: its children may share it. */
void kin_expect(int fd);

/* True once it has. Until then nobody needs to ask what a number is, by a system call that a sandbox may not allow. */
extern atomic_bool kin_made_some;

/* True if `fd` may be such a socket: for the others nothing need be asked. */
bool kin_expected(int fd);

/* Before a fork: share memory with the child if such a socket may be. */
void kin_before_fork(void);

/* True if any relay was told of. Costs two loads. */
static inline bool kin_any(void)
{
	const atomic_uint *told = atomic_load_explicit(&kin_shared, memory_order_acquire);

	return told && atomic_load_explicit(told, memory_order_relaxed);
}

/* Tell that the socket with this cookie sends by a relay; `named` is what the application calls a name that it sends to there, or none. */
void kin_tell(uint64_t cookie, const struct udp_relay *, const struct endpoint *named);

/* True if somebody told of that socket. */
bool kin_knows(uint64_t cookie);

/* If the `n` bytes that the socket got from the address `relay`, or from one unknown, came by a relay told of, returns the length of their headers, with the sender of the
 * rest in `from`, and in `named` what to call it, or none. Else -1. */
int kin_open(uint64_t cookie, const struct endpoint *relay, const uint8_t *at, size_t n, struct addr *from, struct endpoint *named);

#endif
