/* SPDX-License-Identifier: MIT */
/* numbers: those of this process that mean a socket which listens at a proxy. Any thread. */
#ifndef LISTEN_NUMBERS_H
#define LISTEN_NUMBERS_H

#include "listen/owner.h"

/* Call f for each. Its entry is locked meanwhile, for another thread may just be closing it. */
void numbers_each(void (*f)(struct listener *, int fd, void *), void *arg);

#endif
