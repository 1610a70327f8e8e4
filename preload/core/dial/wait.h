/* SPDX-License-Identifier: MIT */
/* wait: drive dials in the calling thread, which waits for them. */
#ifndef CORE_DIAL_WAIT_H
#define CORE_DIAL_WAIT_H

#include "core/dial/job.h"

enum { DIAL_TOGETHER = 16 };

/* Wait until all `n` of `jobs` (at most DIAL_TOGETHER) are done. Returns 0, or the err of the first that fails. The jobs can go on, here
 * or on the engine, after -EINTR (a handler without SA_RESTART ran), -EINPROGRESS (it is `until`, in monotonic ns; INT64_MAX: never) and
 * DIAL_SOCKET. Does not interrupt a look-up. From any thread, also in a vfork child. */
int dial_wait(struct dial_job *jobs, size_t n, int64_t until);

/* Drive one dial in the calling thread until it is over (j->want tells how), but no longer than `until`, and not through a look-up. Returns
 * false if another driver must go on. Neither a cancellation point nor interrupted by signals. */
bool dial_try(struct dial_job *, int64_t until);

#endif
