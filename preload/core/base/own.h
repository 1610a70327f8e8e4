/* SPDX-License-Identifier: MIT */
/* own: descriptors of our own, in whatever process this is. A stranger must neither see them nor run out of numbers because of them; our
 * own programs need not care. own_make() and own_close() are a seam: each program that links core brings its own:
 * preload/fd/hidden.c for the library, cli/own.c for the launcher. */
#ifndef CORE_BASE_OWN_H
#define CORE_BASE_OWN_H

/* Returns the descriptor that make(arg) returns, or its -errno. May call it again if no descriptors are left (-EMFILE). */
int own_make(int (*make)(void *arg), void *arg);

/* Close a descriptor of our own; ignores a negative one. */
void own_close(int fd);

/* Returns a close-on-exec socket of our own, or -errno. `type` may include SOCK_NONBLOCK. */
int own_socket(int family, int type);

#endif
