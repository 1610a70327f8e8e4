/* SPDX-License-Identifier: MIT */
/* entered: the descriptor that one of the application's numbers really means: its own, or the socket behind a decoy. For hooks; any
 * thread and any signal handler. */
#ifndef FD_ENTERED_H
#define FD_ENTERED_H

struct fd_entry;

struct entered {
	int fd;
	struct fd_entry *locked; /* NULL if nothing is pending */
};

/* Find the real descriptor. A socket that is being dialled stays behind its decoy until fd_leave(), so do not wait in between. */
struct entered fd_enter(int fd);
void fd_leave(struct entered);

/* Wait until nothing is pending on `fd`. */
void fd_await(int fd);

#endif
