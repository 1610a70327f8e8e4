/* SPDX-License-Identifier: MIT */
/* wait: step the dials in turn, and poll for all that they wait for. */
#include "core/dial/wait.h"

#include <errno.h>

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/interrupt.h"
#include "core/dial/limit.h"

/* The descriptors to wait for, and until when. */
struct waits {
	struct pollfd polls[DIAL_TOGETHER];
	nfds_t n;
	int64_t limit;
};

static bool look_up(struct dial_job *j)
{
	struct addresses found;

	lookup(j->dial.first.name, &found);
	dial_found(&j->dial, &found);
	return true;
}

static void add(struct waits *w, const struct dial_job *j)
{
	const int64_t limit = dial_limit(&j->dial);

	w->polls[w->n++] = (struct pollfd){.fd = j->job.fd, .events = j->want == DIAL_READ ? POLLIN : POLLOUT};
	w->limit = limit < w->limit ? limit : w->limit;
}

static int go_on(struct dial_job *jobs, size_t n, struct waits *w)
{
	for (struct dial_job *j = jobs; j < jobs + n; j++) {
		const int want = dial_go(j, look_up);
		if (want < 0 || want == DIAL_SOCKET)
			return want;
		if (want > DIAL_DONE)
			add(w, j);
	}
	return 0;
}

static int wait_once(struct waits *w)
{
	if (cancel_poll(w->polls, w->n, clock_poll_ms(w->limit)) >= 0)
		return 0;
	return errno != EINTR ? -errno : interrupt_ends_calls() ? -EINTR : 0;
}

int dial_wait(struct dial_job *jobs, size_t n, int64_t until)
{
	for (;;) {
		struct waits w = {.limit = until};
		int rc = go_on(jobs, n, &w);
		if (rc || !w.n)
			return rc;
		if (until != INT64_MAX && clock_now() >= until)
			return -EINPROGRESS;
		rc = wait_once(&w);
		if (rc)
			return rc;
	}
}

static bool look_up_elsewhere(struct dial_job *j)
{
	(void)j;
	return false;
}

bool dial_try(struct dial_job *j, int64_t until)
{
	while (j->want >= 0 && dial_go(j, look_up_elsewhere) > DIAL_DONE) {
		struct waits w = {.limit = until};
		if (j->want == DIAL_NAME || clock_now() >= until)
			return false;
		add(&w, j);
		poll(w.polls, w.n, clock_poll_ms(w.limit));
	}
	return true;
}
