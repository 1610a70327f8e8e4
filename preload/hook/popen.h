/* SPDX-License-Identifier: MIT */
/* popen: the commands that the program has a stream to. Any thread; a forked child knows its parent's. */
#ifndef HOOK_POPEN_H
#define HOOK_POPEN_H

#include <stdio.h>
#include <sys/types.h>

/* Returns the process at the other end of a stream of popen(3) that is about to be closed, and forgets it; 0 if the stream is another.
 * The caller must wait for the process after closing the stream. */
pid_t popen_forget(FILE *);

#endif
