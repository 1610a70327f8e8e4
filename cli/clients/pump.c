/* SPDX-License-Identifier: MIT */
/* pump: receive a buffer full, send that, again. */
#include "cli/clients/pump.h"

#include <errno.h>
#include <sys/socket.h>

enum { TURNS = 64 }; /* of a buffer full each, before it is others' turn */

static enum pump_state failure(void)
{
	return errno == EAGAIN || errno == EINTR ? PUMP_WAITS : PUMP_BROKEN;
}

static enum pump_state send_some(struct pump *p, int to)
{
	const ssize_t n = send(to, p->bytes + p->at, p->end - p->at, MSG_NOSIGNAL);

	if (n < 0)
		return failure();
	p->at += (size_t)n;
	return PUMP_BUSY;
}

static enum pump_state receive_some(struct pump *p, int from)
{
	const ssize_t n = recv(from, p->bytes, sizeof(p->bytes), 0);

	if (n < 0)
		return failure();
	p->ended = n == 0;
	p->at = 0;
	p->end = (size_t)n;
	return PUMP_BUSY;
}

static enum pump_state finish(struct pump *p, int to)
{
	if (!p->done)
		shutdown(to, SHUT_WR);
	p->done = true;
	return PUMP_DONE;
}

enum pump_state pump(struct pump *p, int from, int to)
{
	enum pump_state state = PUMP_BUSY;

	for (int i = 0; i < 2 * TURNS && state == PUMP_BUSY; i++) {
		if (p->at < p->end)
			state = send_some(p, to);
		else
			state = p->ended ? finish(p, to) : receive_some(p, from);
	}
	return state;
}
