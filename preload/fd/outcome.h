/* SPDX-License-Identifier: MIT */
/* outcome: how a dial ended, for the one thread that waits for it in connect(2) while another dials. Either may be first to let go: the
 * caller because it is interrupted or cancelled, or the number is closed meanwhile. A caller that jumps out of a signal handler leaves its
 * 16 bytes behind. Any thread; async-signal-safe. */
#ifndef FD_OUTCOME_H
#define FD_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

struct outcome;

/* Returns an outcome that is still open; NULL if there is no memory. */
struct outcome *outcome_new(void);

/* True if the caller still waits. */
bool outcome_is_open(const struct outcome *);

/* For the dialler, once: true if the caller will hear how the dial ended, by outcome_tell() soon. Else the outcome is gone. */
bool outcome_claim(struct outcome *);
void outcome_tell(struct outcome *, int rc);

/* For the caller: wait. Returns what was told, -EINTR, or -EINPROGRESS once it is `until` (monotonic, ns); the outcome is gone then. A
 * cancellation point. */
int outcome_await(struct outcome *, int64_t until);

#endif
