/* SPDX-License-Identifier: MIT */
/* guard: the second engine, for what the library cannot see: a filter on this process and all that it starts, and a supervisor beside them. */
#ifndef CLI_GUARD_GUARD_H
#define CLI_GUARD_GUARD_H

#include <stdint.h>

#include "conf/config.h"
#include "core/base/text.h"

/* Put the guard up: this process, which goes on to execute a command, is under the filter from now on, and a supervisor carries what the filter
 * stops, by this configuration. The supervisor is nobody's child, or where orphans are this process's one of which wait(2) does not speak; it holds
 * nothing open that is the command's, and ends when the last process under the filter has. Where it may look only into its descendants it returns
 * in a descendant of this process, and this one waits (parent.h). Call it while there is but one thread; its calls bear the marker from then on.
 * Returns 0; or -errno in the process that called, with the reason for people in `problem`, which completes "there is no guard: ". -EBUSY: another
 * supervisor is above. */
int guard_start(const struct config *, uint32_t marker, struct text *problem);

#endif
