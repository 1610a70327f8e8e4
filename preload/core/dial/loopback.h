/* SPDX-License-Identifier: MIT */
/* loopback: sockets of our own that only this machine can reach. Any thread. */
#ifndef CORE_DIAL_LOOPBACK_H
#define CORE_DIAL_LOOPBACK_H

#include "core/base/addr.h"

/* Returns a nonblocking socket of our own (core/base/own.h), of `type`, bound to a free port of 127.0.0.1 or ::1, with that address in `*at`; or
 * -errno. */
int loopback_socket(int family, int type, struct addr *at);

/* Connect the stream socket `fd` of `family` to this process. Returns what connect(2) does, or -errno, and our nonblocking end in `*end`,
 * negative if there is none, with that SO_RCVBUF if `room` is not 0. */
int loopback_connect(int fd, int family, int room, int *end);

#endif
