/* SPDX-License-Identifier: MIT */
/* relay: pass bytes between two connections, both ways, until both have ended. For the engine's thread. */
#ifndef CLI_GUARD_STREAM_RELAY_H
#define CLI_GUARD_STREAM_RELAY_H

#include <stddef.h>

/* Relay between two nonblocking connections, which the relay closes; the first `junk` bytes that come from `a` are dropped. The supervisor does not
 * end before. Returns 0, or -ENOBUFS, when both stay the caller's. */
int relay_start(int a, int b, size_t junk);

#endif
