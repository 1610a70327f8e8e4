/* SPDX-License-Identifier: MIT */
/* journaled: what the journal hears of the program's streams. Any thread; nothing unless somebody reads. */
#ifndef FD_JOURNALED_H
#define FD_JOURNALED_H

#include "core/dial/dial.h"
#include "fd/table.h"

/* A dial for `fd` has ended with 0 or a negative err. The entry (NULL: none) is the caller's alone just now. */
void journaled_dial(struct fd_entry *, int fd, const struct dial *, int rc);

/* `fd`, which is connected through a chain, is about to be closed. */
void journaled_close(const struct fd_entry *, int fd);

/* The same for all that are open: the program ends. */
void journaled_exit(void);

#endif
