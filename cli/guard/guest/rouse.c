/* SPDX-License-Identifier: MIT */
/* rouse: whom ptrace(2) has stopped for a moment makes its call again, and looks the number up again. */
#include "cli/guard/guest/rouse.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/guard/guest/calls.h"
#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/traced.h"
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

/* Returns how a thread waits for one of these numbers; CALL_WAITS_AMONG_OTHERS may be for others alone. */
static enum call_waits how_waits(pid_t process, const char *thread, uint32_t arch, const int *numbers, size_t n)
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
	return how == CALL_WAITS_BY_NUMBER && !has(numbers, n, (int)first) ? CALL_WAITS_NOT : how;
}

static void stop_and_go(pid_t thread)
{
	const int signal = traced_stop(thread);

	if (signal >= 0)
		traced_let_go(thread, signal);
}

static void *run(void *arg)
{
	struct sleepers *const s = arg;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)s->process);
	DIR *const all = opendir(path);
	for (const struct dirent *e; all && (e = readdir(all));)
		if (how_waits(s->process, e->d_name, s->arch, s->numbers, s->n) != CALL_WAITS_NOT)
			stop_and_go(atoi(e->d_name));
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
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)r->tid);
	DIR *const all = opendir(path);
	for (const struct dirent *e; all && !found && (e = readdir(all));)
		found = how_waits(r->tid, e->d_name, r->arch, numbers, n) == CALL_WAITS_BY_NUMBER;
	if (all)
		closedir(all);
	return found;
}
