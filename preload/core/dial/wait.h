/* SPDX-License-Identifier: MIT */
/* wait: dials that the calling thread waits for. */
#ifndef CORE_DIAL_WAIT_H
#define CORE_DIAL_WAIT_H

#include "core/dial/job.h"

enum { DIAL_TOGETHER = 16 };

/* Wait until all `n` of `jobs` (at most DIAL_TOGETHER) are done. Returns 0, or the err of the first that fails. The jobs can go on, here or on the
 * engine, after -EINTR (a signal handler ran that asks not to be restarted), -EINPROGRESS (it is `until`, in monotonic ns; INT64_MAX: no
 * such time) and DIAL_SOCKET. A look-up is not interrupted. From any thread, also of a vfork child. */
int dial_wait(struct dial_job *jobs, size_t n, int64_t until);

#endif
