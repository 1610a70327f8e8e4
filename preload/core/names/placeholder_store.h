/* SPDX-License-Identifier: MIT */
/* placeholder_store: give names numbers in the table that all processes share, and find the names again, without a lock. Any thread; a
 * writer may be killed at any instruction. */
#ifndef CORE_NAMES_PLACEHOLDER_STORE_H
#define CORE_NAMES_PLACEHOLDER_STORE_H

#include "core/base/addr.h"
#include "core/names/placeholder_file.h"

enum { PLACEHOLDER_FRESH_SECONDS = 60 }; /* a name that was handed out this recently is not forgotten */

/* Returns the number of `name`, old or new, below `capacity`; case does not count. Returns 0 if all numbers are in use. `now` is in seconds,
 * on a clock that all processes share; the number is then fresh. */
uint32_t placeholder_store_put(struct placeholder_file *, uint32_t capacity, const char *name, uint32_t now);

/* Returns the number that `name` has, which is then fresh; 0 if it has none. */
uint32_t placeholder_store_find(struct placeholder_file *, uint32_t capacity, const char *name, uint32_t now);

/* Returns how many numbers are free or not fresh, roughly: by a sample of them. */
uint32_t placeholder_store_spare(const struct placeholder_file *, uint32_t capacity, uint32_t now);

/* Find the name of a number, which is then fresh. Returns false if it has none. */
bool placeholder_store_get(struct placeholder_file *, uint32_t capacity, uint32_t number, char name[static ADDR_NAME_MAX + 1],
			   uint32_t now);

#endif
