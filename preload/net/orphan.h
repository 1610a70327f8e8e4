/* orphan: a connection that another process is making for this one: its parent, as long as that lives. */
#ifndef NET_ORPHAN_H
#define NET_ORPHAN_H

/* In the child of a fork: wait for all that is pending, and carry on what the parent leaves behind. */
void orphans_adopt(void);

#endif
