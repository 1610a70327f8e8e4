/* SPDX-License-Identifier: MIT */
/* timeout: do something later. For the engine's thread. */
#ifndef CLI_GUARD_STREAM_TIMEOUT_H
#define CLI_GUARD_STREAM_TIMEOUT_H

#include <stdint.h>

/* Call f(id) at a time in monotonic ns. Without memory that never happens. */
void timeout_at(int64_t time, void (*f)(uint64_t id), uint64_t id);

#endif
