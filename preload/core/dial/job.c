/* SPDX-License-Identifier: MIT */
/* job: give a dial what it wants until it waits, whoever drives it; and drive it on the engine. */
#include "core/dial/job.h"

#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/dial/limit.h"

int dial_make(struct dial_job *j, int family)
{
	own_close(j->job.fd);
	const int fd = own_socket(family, SOCK_STREAM | SOCK_NONBLOCK);
	j->job.fd = fd;
	return fd;
}

/* The engine forgets the socket that there was before that is closed. */
static int get_socket(struct dial_job *j)
{
	const int family = dial_family(&j->dial);

	if (j->dial.eager)
		engine_forget(&j->job);
	const int fd = j->make(j, family);
	if (fd < 0)
		return fd;
	j->job.fd = fd;
	dial_on(&j->dial, family, j->dial.flags);
	return 0;
}

static int next(struct dial_job *j)
{
	return j->go ? j->go(j) : dial_next(&j->dial, j->job.fd);
}

static void leave_lookup(struct dial_job *j)
{
	if (j->lookup)
		lookup_leave(j->lookup);
	j->lookup = NULL;
}

/* Returns 0 if the dial goes on: it may wait longer, or has turned to another path, which has another name to look up. */
static int overdue(struct dial_job *j)
{
	const int rc = dial_overdue(&j->dial);

	if (!rc)
		return 0;
	leave_lookup(j);
	return dial_failed(&j->dial, j->job.fd, rc);
}

int dial_go(struct dial_job *j, bool (*look_up)(struct dial_job *))
{
	for (;;) {
		int want = next(j);
		if (want == DIAL_NAME && look_up(j))
			continue;
		if (want == DIAL_SOCKET && j->make && (want = get_socket(j)) == 0)
			continue;
		if (want > DIAL_DONE && clock_now() >= dial_limit(&j->dial) && (want = overdue(j)) == 0)
			continue;
		return j->want = want;
	}
}

/* Look a name up in another thread; without memory, find no address. */
static bool look_up(struct dial_job *j)
{
	static const struct addresses none;

	if (!j->lookup)
		j->lookup = lookup_begin(j->dial.first.name);
	if (j->lookup && !lookup_ended(j->lookup))
		return false;
	dial_found(&j->dial, j->lookup ? lookup_found(j->lookup) : &none);
	leave_lookup(j);
	return true;
}

/* A child that takes the dial over has none of its parent's look-ups. */
static void begin(struct job *job)
{
	struct dial_job *j = JOB_OF(struct dial_job, job, job);

	j->lookup = NULL;
	j->dial.eager = true;
}

static bool step(struct job *job)
{
	struct dial_job *j = JOB_OF(struct dial_job, job, job);

	if (j->want >= 0)
		dial_go(j, look_up);
	job->limit = dial_limit(&j->dial);
	return j->want > DIAL_DONE;
}

static void end(struct job *job)
{
	struct dial_job *j = JOB_OF(struct dial_job, job, job);

	leave_lookup(j);
	j->end(j);
}

void dial_start(struct dial_job *j)
{
	j->job.begin = begin;
	j->job.step = step;
	j->job.end = end;
	engine_submit(&j->job);
}
