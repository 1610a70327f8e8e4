/* SPDX-License-Identifier: MIT */
/* ahead: what a dial says ahead of its proxies' answers where the configuration leaves that to us (`pipeline = auto`): to proxies that are known
 * to keep it; and to one more, on trial, unless answers come so fast that there is nothing to gain. A trial that fails costs a short while:
 * the proxies are then asked in turn, over the same path. For dial.c alone.
 *
 * They are asked over the same descriptor, not over another beside it while the first still waits. Where bytes are lost both take the same
 * time. Where the target is slow, the first would answer after all: over 100 ms, and a target that takes a second, 12 round trips instead of
 * 17, for one connection in ten seconds to an hour. That would cost two sockets in each driver of a dial, the program's socket replaced by
 * another with its options, registrations and copies in children whenever the second wins, and two connections at the target at once. */
#ifndef CORE_DIAL_AHEAD_H
#define CORE_DIAL_AHEAD_H

#include "core/dial/dial.h"

/* Before the first byte is sent over `fd`: choose what to say ahead, and let the tunnel begin again with that. */
void ahead_choose(struct dial *, int fd);

/* The dial has sent something; it has heard something, while the hop `at` was at work. */
void ahead_sent(struct dial *);
void ahead_heard(struct dial *, size_t at);

/* Returns until when a trial waits, in monotonic ns; INT64_MAX: there is none. */
int64_t ahead_limit(const struct dial *);

/* Before a failure counts: true if it may be due to what was said ahead; the dial is then to go the same way again, and asks in turn. */
bool ahead_gives_up(struct dial *, int rc);

#endif
