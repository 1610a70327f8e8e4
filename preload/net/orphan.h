/* orphan: a connection that another process is making for this one: its parent, as long as that lives. */
#ifndef NET_ORPHAN_H
#define NET_ORPHAN_H

#include <stdbool.h>

/* Before a fork: prepare all that a child will wait for; false if there is nothing. */
bool orphans_prepare(void);

/* In the child of a fork: spare the descriptors of all that is pending from private_close_others(). */
void orphans_keep(void);

/* And then: wait for all that is pending, and carry on what the parent leaves behind. */
void orphans_adopt(void);

#endif
