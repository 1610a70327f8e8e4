/* name_store: put names into the table that all processes share, and find them again, without a lock. */
#ifndef NET_NAME_STORE_H
#define NET_NAME_STORE_H

#include "conf/addr.h"
#include "net/name_table.h"

enum { NAME_FRESH_SECONDS = 60 }; /* a name that was handed out this recently is not forgotten */

/* The number of `name`, old or new, below `capacity`; upper and lower case are the same. 0 if all numbers are in use. `now` is in seconds,
 * on a clock that all processes share; the number is then fresh. */
uint32_t name_store_put(struct name_table *, uint32_t capacity, const char *name, uint32_t now);

/* The name of a number, which is then fresh; false if it has none. */
bool name_store_get(struct name_table *, uint32_t capacity, uint32_t number, char name[static ADDR_NAME_MAX + 1], uint32_t now);

#endif
