/* making: the control connections of an association while they are being made, all at once. */
#include "core/dial/making.h"

#include <poll.h>
#include <stddef.h>

#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/base/clock.h"
#include "core/base/interrupt.h"
#include "core/base/own.h"

static size_t size_for(size_t n)
{
	return sizeof(struct making) + n * sizeof(struct control);
}

struct making *making_new(const struct config *config, const struct route *route, int *rc)
{
	struct making *m = route->n <= MAKING_HOPS ? pages_take(size_for(route->n)) : NULL;

	*rc = route->n <= MAKING_HOPS ? -ENOBUFS : ERR_UDP_UNSUPPORTED;
	if (!m)
		return NULL;
	*rc = 0;
	m->n = route->n;
	for (size_t i = 0; i < m->n; i++) {
		struct control *c = &m->controls[i];
		c->making = m;
		const int failed = control_init(c, config, route, i + 1);
		if (failed && !*rc) {
			*rc = failed;
			dial_report(&c->dial, failed);
		}
	}
	if (!*rc)
		return m;
	making_free(m);
	return NULL;
}

void making_free(struct making *m)
{
	for (size_t i = 0; i < m->n; i++)
		own_close(m->controls[i].job.fd);
	pages_free(m, size_for(m->n));
}

/* One that hangs up is stepped at once, whatever it waits for. */
static void fail(struct making *m, int rc)
{
	m->rc = rc;
	for (size_t i = 0; i < m->n; i++)
		if (m->controls[i].job.fd >= 0)
			sys.shutdown(m->controls[i].job.fd, SHUT_RDWR);
}

/* Tell the log of a connection that is finished; the first failure is everybody's. */
static void finished(struct making *m, struct control *c)
{
	if (m->rc || c->want >= 0)
		return;
	dial_report(&c->dial, c->want);
	fail(m, c->want);
}

/* Step what has something to do; whether anything is left to wait for. */
static bool step_all(struct making *m)
{
	bool waiting = false;

	for (size_t i = 0; i < m->n; i++) {
		struct control *c = &m->controls[i];
		control_step(c);
		finished(m, c);
		waiting |= c->want > DIAL_DONE;
	}
	return waiting && !m->rc;
}

static int wait_once(struct making *m)
{
	struct pollfd polls[MAKING_HOPS];
	int64_t limit = INT64_MAX;
	nfds_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct control *c = &m->controls[i];
		if (c->want <= DIAL_DONE)
			continue;
		polls[n++] = (struct pollfd){.fd = c->job.fd, .events = c->want == DIAL_WANT_READ ? POLLIN : POLLOUT};
		limit = dial_limit(&c->dial) < limit ? dial_limit(&c->dial) : limit;
	}
	if (poll(polls, n, clock_poll_ms(limit)) >= 0)
		return 0;
	return errno != EINTR ? -errno : interrupt_ends_calls() ? -EINTR : 0;
}

int making_wait(struct making *m)
{
	for (size_t i = 0; i < m->n; i++) {
		control_resolve(&m->controls[i]);
		control_connect(&m->controls[i]);
	}
	while (step_all(m)) {
		const int rc = wait_once(m);
		if (rc)
			return rc;
	}
	return m->rc;
}

void making_abandon(struct making *m)
{
	m->rc = -ECANCELED;
}

static struct control *of(struct job *j)
{
	return (struct control *)((char *)j - offsetof(struct control, job));
}

static void prepare(struct job *j)
{
	control_resolve(of(j));
}

static void begin(struct job *j)
{
	control_connect(of(j));
}

static bool step(struct job *j)
{
	struct control *c = of(j);

	control_step(c);
	if (c->want > DIAL_DONE && c->making->rc)
		c->want = c->making->rc;
	j->limit = dial_limit(&c->dial);
	return c->want > DIAL_DONE;
}

static void end(struct job *j)
{
	struct control *c = of(j);
	struct making *m = c->making;

	finished(m, c);
	if (--m->left == 0)
		m->done(m, m->arg);
}

void making_start(struct making *m, void (*done)(struct making *, void *), void *arg)
{
	const size_t n = m->n;

	m->left = n;
	m->done = done;
	m->arg = arg;
	for (size_t i = 0; i < n; i++) {
		struct control *c = &m->controls[i];
		c->job.prepare = prepare;
		c->job.begin = begin;
		c->job.step = step;
		c->job.end = end;
	}
	for (size_t i = 0; i < n; i++)
		engine_submit(&m->controls[i].job);
}

int making_relay(const struct making *m, struct udp_relay *r, int family)
{
	struct addr hops[MAKING_HOPS];

	for (size_t i = 0; i < m->n; i++)
		hops[i] = control_relay(&m->controls[i]);
	return udp_relay_through(r, hops, m->n, family);
}

void making_take(struct making *m, int *fds)
{
	for (size_t i = 0; i < m->n; i++) {
		fds[i] = m->controls[i].job.fd;
		m->controls[i].job.fd = -1;
	}
}
