/* SPDX-License-Identifier: MIT */
/* forward: the master reads what the client sends from the client's own socket, and writes to one of ours: of a channel that has ended it only
 * closes descriptors, so it is for us to tell the client of the end. The channel lives as long as our connection to the master. The engine
 * has up to three jobs of one forward, and steps one at a time. */
#include "cli/hops/forward.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/clients/pump.h"
#include "cli/clients/request.h"
#include "cli/hops/master.h"
#include "cli/hops/mux.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/dial/engine.h"

enum { PATIENCE_MS = 10 * 1000, RETRY_MS = 20 };

/* A descriptor that the engine watches. */
struct part {
	struct job job;
	struct forward *of;
};

struct forward {
	struct part client, master, back; /* the client; our connection to the master; what the master writes */
	struct ssh *ssh;
	enum { ASKING, REACHING, OPENING, CARRYING, OVER } stage;
	int jobs;    /* that the engine has */
	bool closed; /* the master has ended the channel */
	struct client_request request;
	uint8_t in[MUX_IN]; /* of the master's messages */
	size_t got;
	struct pump pump;
};

static void submit(struct part *p)
{
	p->of->jobs++;
	engine_submit(&p->job);
}

/* One of its jobs has ended. */
static void leave(struct forward *f)
{
	if (--f->jobs)
		return;
	own_close(f->client.job.fd);
	own_close(f->master.job.fd);
	own_close(f->back.job.fd);
	free(f);
}

static void be_over(struct forward *f)
{
	f->stage = OVER;
	engine_hurry(&f->client.job);
	engine_hurry(&f->master.job);
	engine_hurry(&f->back.job);
}

static bool is_waiting(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* What we say is short enough for any socket's buffer. */
static void send_out(struct forward *f)
{
	const ssize_t n = send(f->client.job.fd, f->request.out, f->request.said, MSG_NOSIGNAL);

	f->request.said = 0;
	if (n < 0)
		be_over(f);
}

static void answer(struct forward *f, int rc)
{
	request_answer(&f->request, rc);
	send_out(f);
	if (rc)
		be_over(f);
}

static void carry(struct forward *f)
{
	const enum pump_state state = pump(&f->pump, f->back.job.fd, f->client.job.fd);

	if (state == PUMP_BROKEN || (state == PUMP_DONE && f->closed))
		be_over(f);
	else if (state == PUMP_BUSY)
		engine_hurry(&f->back.job);
}

/* Wish for the channel, and hand over both descriptors: the client's socket, and one end of a pair whose other end is ours. */
static bool wish(struct forward *f)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	f->back.job.fd = pair[0];
	const bool sent = master_forward(f->master.job.fd, &f->request.target, f->client.job.fd, pair[1]);
	close(pair[1]);
	return sent;
}

static void lose(struct forward *f)
{
	TEXT(url, PROXY_TEXT);

	proxy_text(f->ssh->proxy, &url);
	log_line(LOG_ERROR, "%s: ssh is not there any more", url.at);
	answer(f, ERR_PROXY_DOWN);
}

/* A master has room for some who wait to be accepted; no event tells when there is room again, or another master. */
static bool may_come_back(struct forward *f, int error)
{
	return error == -EAGAIN || ssh_renew(f->ssh);
}

static void reach(struct forward *f)
{
	const int fd = master_connect(f->ssh->control);

	if (fd < 0 && may_come_back(f, fd)) {
		f->stage = REACHING;
		f->client.job.limit = clock_in_ms(RETRY_MS);
		return;
	}
	f->client.job.limit = INT64_MAX;
	f->stage = OPENING;
	f->master.job.fd = fd;
	if (fd < 0 || !wish(f))
		lose(f);
	else
		submit(&f->master);
}

static void begin_carrying(struct forward *f)
{
	answer(f, 0);
	if (f->stage == OVER)
		return;
	f->stage = CARRYING;
	submit(&f->back);
}

static void take(struct forward *f, enum mux_message message)
{
	if (message == MUX_OPENED && f->stage == OPENING)
		begin_carrying(f);
	else if (message == MUX_REFUSED && f->stage == OPENING)
		answer(f, ERR_TARGET_REFUSED);
	else if (message == MUX_GARBLED)
		be_over(f);
}

static void take_messages(struct forward *f)
{
	enum mux_message message;
	size_t at = 0, len = 0;

	while (f->stage != OVER && (message = mux_get(f->in + at, f->got - at, &len)) != MUX_MORE) {
		take(f, message);
		at += len;
	}
	f->got -= at;
	for (size_t i = 0; i < f->got; i++)
		f->in[i] = f->in[at + i];
}

/* The master closes our connection when the channel has ended; what it has written may still be on its way to the client. */
static void master_left(struct forward *f)
{
	f->closed = true;
	if (f->stage == OPENING)
		lose(f);
	else if (f->stage == CARRYING)
		carry(f);
}

static void hear_master(struct forward *f)
{
	while (f->stage != OVER && !f->closed) {
		const ssize_t n = recv(f->master.job.fd, f->in + f->got, sizeof(f->in) - f->got, 0);
		if (n < 0 && is_waiting())
			return;
		if (n <= 0) {
			master_left(f);
		} else {
			f->got += (size_t)n;
			take_messages(f);
		}
	}
}

/* Read no further than the request: what follows is for the target, and the master reads it. */
static void hear_client(struct forward *f)
{
	struct client_request *const r = &f->request;
	enum request_state state = REQUEST_MORE;

	while (state == REQUEST_MORE && f->stage == ASKING) {
		const ssize_t n = recv(f->client.job.fd, r->in + r->got, sizeof(r->in) - r->got, MSG_PEEK);
		if (n < 0 && is_waiting() && clock_now() < f->client.job.limit)
			return;
		if (n <= 0) {
			be_over(f);
			return;
		}
		r->got += (size_t)n;
		state = request_read(r);
		recv(f->client.job.fd, r->in + r->got - n, (size_t)n - (state == REQUEST_COMPLETE ? r->got - r->taken : 0), 0);
		if (r->said)
			send_out(f);
	}
	if (state == REQUEST_COMPLETE)
		reach(f);
	else if (state == REQUEST_REFUSED)
		be_over(f);
}

/* Nobody waits for the channel any more if the client has gone. */
static void look_for_client(struct forward *f)
{
	struct pollfd client = {.fd = f->client.job.fd};

	if (poll(&client, 1, 0) > 0 && client.revents & POLLHUP)
		be_over(f);
}

static void go_on(struct forward *f)
{
	switch (f->stage) {
	case ASKING:
		hear_client(f);
		break;
	case REACHING:
		look_for_client(f);
		if (f->stage == REACHING)
			reach(f);
		break;
	case OPENING:
		look_for_client(f);
		hear_master(f);
		break;
	case CARRYING:
		hear_master(f);
		if (f->stage == CARRYING)
			carry(f);
		break;
	case OVER:
		break;
	}
}

static bool step(struct job *j)
{
	struct forward *const f = JOB_OF(struct part, job, j)->of;

	if (f->stage == OVER)
		return false;
	go_on(f);
	return true; /* whatever is over now ends when the engine comes again, at once */
}

static void end(struct job *j)
{
	leave(JOB_OF(struct part, job, j)->of);
}

static struct part part_of(struct forward *f, int fd)
{
	return (struct part){.job = {.step = step, .end = end, .fd = fd, .limit = INT64_MAX}, .of = f};
}

void forward_start(struct ssh *ssh, int fd)
{
	struct forward *const f = calloc(1, sizeof(*f));

	if (!f) {
		close(fd);
		return;
	}
	f->ssh = ssh;
	f->client = part_of(f, fd);
	f->master = part_of(f, -1);
	f->back = part_of(f, -1);
	f->client.job.limit = clock_in_ms(PATIENCE_MS);
	submit(&f->client);
}
