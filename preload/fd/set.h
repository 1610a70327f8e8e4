/* SPDX-License-Identifier: MIT */
/* set: an epoll set of our own, as the one descriptor of a job that waits for several. */
#ifndef FD_SET_H
#define FD_SET_H

#include <stdint.h>
#include <sys/epoll.h>

/* Returns a hidden descriptor, or -errno. */
int set_make(void);

/* Add a descriptor, which is in no other way known to the set; neither may be there. */
void set_add(int set, int fd, uint32_t events);

#endif
