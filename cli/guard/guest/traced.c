/* SPDX-License-Identifier: MIT */
/* traced: PTRACE_SEIZE, which no parent hears of. */
#include "cli/guard/guest/traced.h"

#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "cli/guard/guest/registers.h"

/* How it tells that it stands at the beginning or the end of a system call. */
enum { AT_CALL = SIGTRAP | 0x80 };

/* Returns the first argument of the call in which it waits. */
static long first_argument(pid_t thread)
{
	char path[64];
	unsigned long first = 0;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)thread);
	FILE *const f = fopen(path, "re");
	if (f && fscanf(f, "%*d 0x%lx", &first) != 1)
		first = 0;
	if (f)
		fclose(f);
	return (long)first;
}

/* A call with a limit of time, as SO_RCVTIMEO sets one, would end with EINTR. */
static void repeat(pid_t thread, long first)
{
	struct registers r;

	if (registers_read(&r, thread) && registers_was_interrupted(&r)) {
		registers_repeat(&r, first);
		registers_write(&r, thread);
	}
}

int traced_stop(pid_t thread)
{
	const long first = first_argument(thread);
	int status;

	if (ptrace(PTRACE_SEIZE, thread, NULL, (long)PTRACE_O_TRACESYSGOOD))
		return -1;
	ptrace(PTRACE_INTERRUPT, thread, NULL, NULL);
	if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status))
		return -1; /* it has ended */
	if (status >> 16 != PTRACE_EVENT_STOP)
		return WSTOPSIG(status); /* which came first: the call ends by that */
	if (WSTOPSIG(status) == SIGTRAP) {
		repeat(thread, first);
		return 0;
	}
	traced_let_go(thread, 0); /* it stands still as the user wants it to */
	return -1;
}

void traced_let_go(pid_t thread, int signal)
{
	ptrace(PTRACE_DETACH, thread, NULL, (long)signal);
}

/* Let it go on to the beginning or the end of a call. Returns false if it never comes there; then it is let go. */
static bool go_to_call(pid_t thread, int signal)
{
	int status;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, thread, NULL, (long)signal) || waitpid(thread, &status, __WALL) != thread ||
		    !WIFSTOPPED(status))
			return false;
		if (WSTOPSIG(status) == AT_CALL)
			return true;
		signal = status >> 16 ? 0 : WSTOPSIG(status);
	}
}

/* Its own call is left at the beginning, and made when it goes on. */
void traced_ask(pid_t thread, int signal, int number)
{
	struct registers before, ours;

	if (!go_to_call(thread, signal))
		return;
	const bool known = registers_read(&before, thread);
	ours = before;
	if (known && registers_call(&ours, thread, number) && go_to_call(thread, 0)) {
		registers_repeat(&before, registers_first(&before));
		registers_write(&before, thread);
	}
	traced_let_go(thread, 0);
}
