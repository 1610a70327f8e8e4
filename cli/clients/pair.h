/* SPDX-License-Identifier: MIT */
/* pair: carry all that two sockets say to each other, until both have ended. */
#ifndef CLI_CLIENTS_PAIR_H
#define CLI_CLIENTS_PAIR_H

#include <stddef.h>

/* Take over two connected, nonblocking stream sockets, which the engine carries on from here; `n` bytes (at most PUMP_BYTES) go to `b` ahead. From any
 * thread. */
void pair_start(int a, int b, const void *ahead, size_t n);

#endif
