/* SPDX-License-Identifier: MIT */
/* blocking: dial in the application's thread, where its other threads would see the socket: there are none, or not even the hard limit has room
 * for a decoy. Better so than never. */
#ifndef FD_BLOCKING_H
#define FD_BLOCKING_H

#include "fd/call.h"

/* Dial and wait. Returns 0; -EINTR or -EINPROGRESS if the dial goes on without us, as connect(2) does when a handler ran, or its time is up; or
 * another negative err. */
int blocking_dial(struct call *);

#endif
