/* SPDX-License-Identifier: MIT */
/* spare: the last descriptors, which no connection takes: a program that is told of another error than the kernel's when it asks for its peer may wait
 * for ever (Go does). */
#ifndef CLI_GUARD_GUEST_SPARE_H
#define CLI_GUARD_GUEST_SPARE_H

/* Allow this process as many descriptors as may be, but for those: the command's own limit is no business of ours. */
void spare_keep(void);

/* Allow it those, too, until spare_keep(). */
void spare_use(void);

#endif
