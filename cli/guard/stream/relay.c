/* SPDX-License-Identifier: MIT */
/* relay: a job that waits for either connection, and then moves whatever can be moved. */
#include "cli/guard/stream/relay.h"

#include <stdbool.h>
#include <stdlib.h>

#include "cli/guard/stream/stay.h"
#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"

/* A server that ignores the end of what a program sent, which has closed its socket since, would keep the relay for ever. */
enum { CHECK_MS = 1000 };

enum { PIECE = 1 << 18, PIECES = 16 }; /* bytes moved at once; and then other jobs have a turn */

/* One way. */
struct flow {
	size_t junk;      /* bytes to drop first */
	uint8_t *held;    /* bytes that the receiver has no room for, */
	size_t n, at;     /* how many, and how many of them have been sent */
	bool ended, over; /* the sender sends no more; the receiver has been told */
};

struct relay {
	struct job job;
	int fd[2];
	struct flow flow[2]; /* from that one to the other */
	bool broken;
};

enum progress { MOVED, WAITS, BROKEN };

static enum progress waits(void)
{
	return errno == EAGAIN || errno == EINTR ? WAITS : BROKEN;
}

static enum progress drop_junk(struct flow *f, int from)
{
	/* A stream's bytes are dropped by the kernel, without a copy. */
	const ssize_t n = sys.recv(from, NULL, f->junk, MSG_TRUNC | MSG_DONTWAIT);

	if (n <= 0)
		return n ? waits() : BROKEN;
	f->junk -= (size_t)n;
	return MOVED;
}

static bool hold(struct flow *f, const uint8_t *bytes, size_t n)
{
	f->held = malloc(n);
	f->n = n;
	f->at = 0;
	for (size_t i = 0; f->held && i < n; i++)
		f->held[i] = bytes[i];
	return f->held;
}

static enum progress send_held(struct flow *f, int to)
{
	const ssize_t n = sys_send(to, f->held + f->at, f->n - f->at, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return waits();
	f->at += (size_t)n;
	if (f->at == f->n) {
		free(f->held);
		f->held = NULL;
	}
	return MOVED;
}

static enum progress pass(struct flow *f, int from, int to)
{
	static uint8_t piece[PIECE];
	const ssize_t n = sys.recv(from, piece, sizeof(piece), MSG_DONTWAIT);

	if (n < 0)
		return waits();
	if (n == 0) {
		f->ended = true;
		return MOVED;
	}
	ssize_t sent = sys_send(to, piece, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0 && waits() == BROKEN)
		return BROKEN;
	sent = sent < 0 ? 0 : sent;
	return sent == n || hold(f, piece + sent, (size_t)(n - sent)) ? MOVED : BROKEN;
}

static enum progress move(struct flow *f, int from, int to)
{
	if (f->over)
		return WAITS;
	if (f->junk)
		return drop_junk(f, from);
	if (f->held)
		return send_held(f, to);
	if (!f->ended)
		return pass(f, from, to);
	f->over = true;
	sys.shutdown(to, SHUT_WR);
	return WAITS;
}

/* Returns false if there is more to move than a turn allows. */
static bool move_all(struct relay *r, int way)
{
	enum progress p = MOVED;

	for (int i = 0; i < PIECES && p == MOVED; i++)
		p = move(&r->flow[way], r->fd[way], r->fd[!way]);
	r->broken |= p == BROKEN;
	return p != MOVED;
}

static bool step(struct job *j)
{
	struct relay *const r = JOB_OF(struct relay, job, j);
	struct epoll_event seen[2];

	epoll_wait(j->fd, seen, 2, 0); /* so that the set reports what comes next */
	const bool first = move_all(r, 0), second = move_all(r, 1);
	j->limit = !first || !second ? 0 : r->flow[0].over ? clock_in_ms(CHECK_MS) : INT64_MAX;
	return !r->broken && !(r->flow[0].over && (r->flow[1].over || stay_is_alone()));
}

/* What one side has broken off is broken off at the other, too. */
static void end(struct job *j)
{
	struct relay *const r = JOB_OF(struct relay, job, j);
	const struct linger reset = {.l_onoff = 1};

	for (int i = 0; i < 2; i++) {
		if (r->broken)
			sys.setsockopt(r->fd[i], SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		own_close(r->fd[i]);
		free(r->flow[i].held);
	}
	own_close(j->fd);
	free(r);
	stay_release();
}

/* Returns an epoll set with both connections, or -errno. */
static int set_of(const int fd[2])
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET};
	const int set = (int)sys_rc(epoll_create1(EPOLL_CLOEXEC));

	for (int i = 0; i < 2 && set >= 0; i++)
		if (sys.epoll_ctl(set, EPOLL_CTL_ADD, fd[i], &event)) {
			own_close(set);
			return -ENOBUFS;
		}
	return set;
}

int relay_start(int a, int b, size_t junk)
{
	struct relay *const r = calloc(1, sizeof(*r));
	const int both[2] = {a, b}, set = r ? set_of(both) : -ENOBUFS;

	if (set < 0) {
		free(r);
		return set;
	}
	*r = (struct relay){.job = {.step = step, .end = end, .fd = set, .limit = INT64_MAX}, .fd = {a, b}, .flow[0].junk = junk};
	stay_hold();
	engine_submit(&r->job);
	return 0;
}
