/* SPDX-License-Identifier: MIT */
/* process_end: notice that another process, of which this one is no parent, has ended. */
#ifndef FD_PROCESS_END_H
#define FD_PROCESS_END_H

#include <stdbool.h>

struct process_end {
	int process;
	int fd; /* hidden: readable when that process has ended; -1 where the kernel offers none (pidfd_open(2)): then look now and then */
	int parent; /* ours, when we began */
};

/* Returns one that awaits nobody. Our parent may be awaited by it. */
struct process_end process_end_none(void);

/* Await the end of that process, and no other's any more. */
void process_end_await(struct process_end *, int process);
void process_end_forget(struct process_end *);

bool process_has_ended(const struct process_end *);

/* Returns false for a process that has ended, even if nobody has reaped it. Changes errno. */
bool process_is_there(int process);

#endif
