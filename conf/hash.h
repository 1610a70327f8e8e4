/* SPDX-License-Identifier: MIT */
/* hash: uthash in an arena, because the host's heap is not ours to use. The macros that add take their memory from a variable `arena`
 * in scope, and nothing is freed before that arena is. Where memory is short, the element is not added, and its `hh.tbl` is NULL. */
#ifndef CONF_HASH_H
#define CONF_HASH_H

#include "core/base/arena.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) arena_take(arena, size)
#define uthash_free(memory, size) ((void)(memory))

#include <uthash.h>

#endif
