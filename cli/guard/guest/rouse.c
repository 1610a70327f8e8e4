/* SPDX-License-Identifier: MIT */
/* rouse: whom ptrace(2) stops, leaves its call; whom it lets go, makes that again, and looks the number up again. */
#include "cli/guard/guest/rouse.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "cli/guard/guest/calls.h"
#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/registers.h"
#include "core/base/thread.h"

struct sleepers {
	pid_t process;
	uint32_t arch;
	size_t n;
	int numbers[];
};

static bool has(const int *numbers, size_t n, int number)
{
	size_t i = 0;

	while (i < n && numbers[i] != number)
		i++;
	return i < n;
}

/* Returns how a thread waits for one of these numbers, with the number in `*number`; CALL_WAITS_AMONG_OTHERS may be for others alone. */
static enum call_waits how_waits(pid_t process, const char *thread, uint32_t arch, const int *numbers, size_t n, int *number)
{
	char path[64];
	long call;
	unsigned long first;
	enum call_waits how = CALL_WAITS_NOT;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/syscall", (int)process, thread);
	FILE *const f = fopen(path, "re");
	if (f && fscanf(f, "%ld 0x%lx", &call, &first) == 2)
		how = call_waits(arch, call);
	if (f)
		fclose(f);
	*number = how == CALL_WAITS_BY_NUMBER ? (int)first : -1;
	return how == CALL_WAITS_BY_NUMBER && !has(numbers, n, *number) ? CALL_WAITS_NOT : how;
}

/* A call with a limit of time, as SO_RCVTIMEO sets one, would end with EINTR instead. */
static void repeat(pid_t thread, int number)
{
	struct registers r;

	if (number >= 0 && registers_read(&r, thread) && registers_was_interrupted(&r)) {
		registers_repeat(&r, number);
		registers_write(&r, thread);
	}
}

static void stop_and_go(pid_t thread, int number)
{
	int status;

	if (ptrace(PTRACE_SEIZE, thread, NULL, NULL))
		return;
	ptrace(PTRACE_INTERRUPT, thread, NULL, NULL);
	if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status))
		return;                                         /* it has ended */
	const bool is_ours = status >> 16 == PTRACE_EVENT_STOP; /* else a signal came first, and the call ends by that */
	if (is_ours)
		repeat(thread, number);
	ptrace(PTRACE_DETACH, thread, NULL, is_ours ? 0L : (long)WSTOPSIG(status));
}

static void *run(void *arg)
{
	struct sleepers *const s = arg;
	char path[64];
	int number;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)s->process);
	DIR *const all = opendir(path);
	for (const struct dirent *e; all && (e = readdir(all));)
		if (how_waits(s->process, e->d_name, s->arch, s->numbers, s->n, &number) != CALL_WAITS_NOT)
			stop_and_go(atoi(e->d_name), number);
	if (all)
		closedir(all);
	free(s);
	return NULL;
}

void rouse(const struct notice *r, const int *numbers, size_t n)
{
	struct sleepers *const s = guest_has_threads(r) ? malloc(sizeof(*s) + n * sizeof(*numbers)) : NULL;

	if (!s)
		return;
	*s = (struct sleepers){.process = guest_process(r), .arch = r->arch, .n = n};
	memcpy(s->numbers, numbers, n * sizeof(*numbers));
	if (!thread_start(run, s))
		free(s);
}

bool rouse_must(const struct notice *r, const int *numbers, size_t n)
{
	char path[64];
	int number;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)r->tid);
	DIR *const all = opendir(path);
	for (const struct dirent *e; all && !found && (e = readdir(all));)
		found = how_waits(r->tid, e->d_name, r->arch, numbers, n, &number) == CALL_WAITS_BY_NUMBER;
	if (all)
		closedir(all);
	return found;
}
