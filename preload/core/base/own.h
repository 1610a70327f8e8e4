/* SPDX-License-Identifier: MIT */
/* own: descriptors of our own, in whatever process this is. A stranger's must neither see them nor run out of numbers because of them; a program
 * of ours has no such worry. own_make() and own_close() are a seam: each program that links core brings its own. */
#ifndef CORE_BASE_OWN_H
#define CORE_BASE_OWN_H

/* The descriptor that `make` makes of `arg`; -errno, as from `make`, which may be called again when there are no descriptors left (-EMFILE). */
int own_make(int (*make)(void *arg), void *arg);

/* Close a descriptor of our own; a negative one is none. */
void own_close(int fd);

/* A socket of our own, closed by an exec. `type` may have SOCK_NONBLOCK in it. */
int own_socket(int family, int type);

#endif
