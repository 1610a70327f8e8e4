/* SPDX-License-Identifier: MIT */
/* trace: what the log says of a dial's steps, and of the bytes of its handshakes. */
#ifndef CORE_DIAL_TRACE_H
#define CORE_DIAL_TRACE_H

#include "core/dial/dial.h"

/* Log the start along a path, and that a hop has done its part. */
void trace_path(const struct dial *);
void trace_hop(const struct dial *, size_t hop);

/* Log a whole message to the hop at work, without passwords; and part of an answer. */
void trace_message(const struct dial *, struct slice);
void trace_answer(const struct dial *, struct slice);

#endif
