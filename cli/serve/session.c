/* SPDX-License-Identifier: MIT */
/* session: hear the request, dial, answer, and leave the rest to a pair. The engine has several jobs of one session, and steps one at a time: its client, the
 * search for its target, and the dial. */
#include "cli/serve/session.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/clients/pair.h"
#include "cli/clients/pump.h"
#include "cli/clients/request.h"
#include "cli/serve/target.h"
#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/dial/job.h"
#include "core/dial/report.h"

enum { LEAVING_MS = 2000 };

struct session {
	const struct app *app;
	struct job client;
	struct target target;
	struct dial_job dialling;
	enum { ASKING, DIALLING, LEAVING, OVER } stage;
	int jobs;  /* that the engine has */
	bool gone; /* the client hung up while we dialled */
	int way;   /* to the target, once the client has heard of it; else -1 */
	struct client_request request;
	int64_t leave_by; /* monotonic ns */
};

/* Returns how many bytes the client said ahead of our answer; they are for the target. */
static size_t early(const struct session *s)
{
	return s->request.got - s->request.taken;
}

_Static_assert((int)REQUEST_IN <= (int)PUMP_BYTES, "what came early fits a pump");

/* One of its jobs has ended. After the last a pair goes on, if there is a way. */
static void leave(struct session *s)
{
	if (--s->jobs)
		return;
	if (s->way >= 0)
		pair_start(s->client.fd, s->way, s->request.in + s->request.taken, early(s));
	else
		close(s->client.fd);
	free(s);
}

static void be_over(struct session *s)
{
	s->stage = OVER;
	engine_hurry(&s->client);
}

static bool is_waiting(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* What we say is short enough for any socket's buffer. */
static void send_out(struct session *s)
{
	const ssize_t n = send(s->client.fd, s->request.out, s->request.said, MSG_NOSIGNAL);

	s->request.said = 0;
	if (n < 0)
		be_over(s);
}

/* Take leave of a client that has been refused: what it still sends is read, or the kernel would reset the connection, and the refusal
 * would go with it. */
static void refuse(struct session *s)
{
	s->stage = LEAVING;
	s->leave_by = clock_in_ms(LEAVING_MS);
	send_out(s);
	shutdown(s->client.fd, SHUT_WR);
	engine_hurry(&s->client);
}

static void take_leave(struct session *s)
{
	uint8_t ignored[4096];
	ssize_t n;

	while ((n = recv(s->client.fd, ignored, sizeof(ignored), 0)) > 0)
		;
	if (n == 0 || !is_waiting() || clock_now() >= s->leave_by)
		be_over(s);
	s->client.limit = s->leave_by;
}

static void answer(struct session *s, int rc)
{
	request_answer(&s->request, rc);
	if (rc)
		refuse(s);
	else
		send_out(s);
}

/* The way is the pair's, if the client still wants it. */
static void dialled(struct dial_job *j)
{
	struct session *const s = j->owner;

	dial_report(&j->dial, j->want);
	if (!s->gone)
		answer(s, j->want);
	if (j->want == DIAL_DONE && !s->gone && s->stage != OVER)
		s->way = (int)j->job.fd;
	else
		own_close((int)j->job.fd);
	if (s->gone || s->way >= 0)
		be_over(s);
	leave(s);
}

static int go_on_dialling(struct dial_job *j)
{
	const struct session *const s = j->owner;

	return s->gone ? -ECONNABORTED : dial_next(&j->dial, j->job.fd);
}

static void dial(struct session *s)
{
	struct dial_job *const j = &s->dialling;

	*j = (struct dial_job){.job.fd = -1, .make = dial_make, .go = go_on_dialling, .end = dialled, .owner = s};
	j->want = dial_begin(&j->dial, s->app->config, s->target.route, COMMAND_CONNECT, &s->target.addr);
	s->jobs++;
	dial_start(j);
}

static void found(struct target *t)
{
	struct session *const s = JOB_OF(struct session, target, t);

	if (s->gone)
		be_over(s);
	else if (t->rc)
		answer(s, t->rc);
	else
		dial(s);
	leave(s);
}

static void begin_dialling(struct session *s)
{
	s->stage = DIALLING;
	s->client.limit = INT64_MAX;
	s->target = (struct target){.addr = s->request.target, .end = found};
	s->jobs++;
	target_find(&s->target, s->app);
}

static void hear(struct session *s)
{
	struct client_request *const r = &s->request;
	enum request_state state;

	do {
		const ssize_t n = recv(s->client.fd, r->in + r->got, sizeof(r->in) - r->got, 0);
		if (n < 0 && is_waiting() && clock_now() < s->client.limit)
			return;
		if (n <= 0) {
			be_over(s);
			return;
		}
		r->got += (size_t)n;
		state = request_read(r);
		if (r->said && state == REQUEST_MORE)
			send_out(s);
	} while (state == REQUEST_MORE && s->stage == ASKING);
	if (state == REQUEST_COMPLETE)
		begin_dialling(s);
	else if (state == REQUEST_REFUSED)
		refuse(s);
}

/* Nobody waits for the dial any more if the client has gone: it has closed, and has left nothing for the target. */
static void look_for_client(struct session *s)
{
	uint8_t byte;
	const ssize_t n = recv(s->client.fd, &byte, 1, MSG_PEEK);

	if (s->gone || n > 0 || (n < 0 && is_waiting()) || (n == 0 && early(s)))
		return;
	s->gone = true;
	if (s->dialling.job.fd >= 0)
		shutdown(s->dialling.job.fd, SHUT_RDWR);
}

static void go_on(struct session *s)
{
	switch (s->stage) {
	case ASKING:
		hear(s);
		break;
	case DIALLING:
		look_for_client(s);
		break;
	case LEAVING:
		take_leave(s);
		break;
	case OVER:
		break;
	}
}

static bool step(struct job *j)
{
	struct session *const s = JOB_OF(struct session, client, j);

	if (s->stage == OVER)
		return false;
	go_on(s);
	return true; /* whatever is over now ends when the engine comes again, at once */
}

static void end(struct job *j)
{
	leave(JOB_OF(struct session, client, j));
}

void session_start(const struct app *app, int fd)
{
	struct session *const s = calloc(1, sizeof(*s));

	if (!s) {
		close(fd);
		return;
	}
	s->app = app;
	s->client = (struct job){.step = step, .end = end, .fd = fd, .limit = clock_in_ms(app->config->timeout_ms)};
	s->way = -1;
	s->jobs = 1;
	s->dialling.job.fd = -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	engine_submit(&s->client);
}
