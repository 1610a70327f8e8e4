/* SPDX-License-Identifier: MIT */
/* clone: a socket of another family that stands in for the application's and has its options. Any thread; async-signal-safe. */
#ifndef CORE_DIAL_CLONE_H
#define CORE_DIAL_CLONE_H

/* Returns a stream socket of `family` with every option of `fd` that can be read there and set here, to be closed with own_close(); or -errno. */
int clone_make(int fd, int family);

/* Let `to` have the settings of `from`, as a socket that accept(2) returns has the listening one's: no buffers, and no file status flags. */
void clone_copy_settings(int from, int to);

/* Copy the options of `fd` to the clone once more, since the application may have changed them. */
void clone_copy_options(int clone, int fd);

#endif
