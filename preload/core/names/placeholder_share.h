/* SPDX-License-Identifier: MIT */
/* placeholder_share: how many new names a process may have, so that one that asks for any number leaves some to the user's others. Any thread,
 * any signal handler; a forked child goes on with its parent's count, for itself. */
#ifndef CORE_NAMES_PLACEHOLDER_SHARE_H
#define CORE_NAMES_PLACEHOLDER_SHARE_H

#include "core/names/placeholder_store.h"

enum { PLACEHOLDER_SHARE = 16 }; /* a process takes the 16th part of all numbers without asking what is left */

/* Count one more new name of this process. Returns false if it must wait: in this minute it has had that share, and as many as are left to all
 * others. */
bool placeholder_share_take(const struct placeholder_file *, uint32_t capacity, uint32_t now);

#endif
