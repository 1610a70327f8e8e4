/* SPDX-License-Identifier: MIT */
/* child: do the launcher's work beside the launcher, which has to stay until that ends: signals sent to the launcher reach the child, those of
 * the terminal reach both by themselves, the launcher stops and goes on as the child does, and ends as it did. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <signal.h>
#include <sys/types.h>

/* Whoever started us may have had SIGCHLD ignored: then no child could be waited for. Undo that, and tell what it was; put that back, in a child
 * that goes on to execute a program. */
void child_heed(struct sigaction *ignored);
void child_restore(const struct sigaction *ignored);

/* Let signals wait until child_wait(), or until child_release() in this process or in one forked meanwhile. */
void child_hold(void);
void child_release(void);

/* Call run(arg), which executes a program or returns an exit status, in a child. Returns its process id; -1 after a message on stderr. Signals to
 * pass on wait from here until child_wait(). Call it while there is but one thread. */
pid_t child_start(int (*run)(void *arg), void *arg);

/* What is done meanwhile: tick(arg), every `ms` milliseconds at least, and when `fd` can be read; -1: there is none.
 * It may change them. */
struct child_meanwhile {
	void (*tick)(void *arg);
	void *arg;
	int ms, fd;
};

/* Wait until it ends (NULL: nothing is done meanwhile). Whatever other children there are leave no zombies. Returns its status, as waitpid(2) does. */
int child_wait(pid_t, const struct child_meanwhile *);

/* For tick(): the one that is waited for is another's child, which says that it has stopped or ended with this status. */
void child_told(pid_t, int status);

/* End as a child of that status has: by the same signal, or by returning its exit status. */
int child_end(int status);

#endif
