/* SPDX-License-Identifier: MIT */
/* peer: ask the memo, and write what it says into the command's memory. */
#include "cli/guard/stream/peer.h"

#include <errno.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/socket.h"
#include "cli/guard/guest/spare.h"
#include "cli/guard/guest/take.h"
#include "cli/guard/stream/carry.h"
#include "cli/guard/stream/memo.h"
#include "core/base/sys.h"

/* Where we may only look, it has been. */
static bool is_connected(const struct guest_socket *s)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	return s->fd < 0 || __extension__ sys.getpeername(s->fd, (struct sockaddr *)&peer, &len) == 0;
}

static int look_at(struct guest_socket *s, const struct notice *r)
{
	int rc = take_socket(s, r, (int)r->arg[0]);

	if (rc != -EMFILE)
		return rc;
	spare_use();
	rc = take_socket(s, r, (int)r->arg[0]);
	spare_keep();
	return rc;
}

/* Returns what is remembered of the socket; NULL, with what to answer in `rc`, if that is nothing. */
static struct memo *memo_of(const struct notice *r, struct guest_socket *s, long *rc)
{
	struct memo *m = NULL;

	*rc = look_at(s, r);
	if (*rc == 0 && socket_is_inet(s))
		m = memo_find(s->cookie);
	if (*rc == 0)
		*rc = NOTICE_PASS;
	return m;
}

long peer_serve(const struct notice *r)
{
	struct guest_socket s;
	long rc;
	const struct memo *const m = memo_of(r, &s, &rc);

	if (rc == NOTICE_PASS && socket_is_inet(&s) && carry_is_under_way(&s))
		rc = -ENOTCONN;
	else if (m && endpoint_len(&m->peer) && is_connected(&s))
		rc = guest_give(r, r->arg[1], r->arg[2], &m->peer, endpoint_len(&m->peer), true);
	socket_drop(&s);
	return rc;
}

/* True if the socket seems to have been connected, because its connect(2) was ended by a signal before we heard of it: the kernel makes it writable,
 * and knows no error. Others ask for SO_ERROR after a call that we have answered. */
static bool was_missed(const struct notice *r, const struct guest_socket *s)
{
	return socket_is_inet(s) && !memo_find(s->cookie) && socket_is_unused(s) && guest_catches_signals(r);
}

/* Whose library asks (sys_ask_error()), whose connects do not come to us, so that none was missed. */
static bool asks_by_library(const struct notice *r)
{
	return sys_is_marker((uint32_t)(r->arg[1] >> 32));
}

static long tell(const struct notice *r, int error)
{
	return guest_give(r, r->arg[3], r->arg[4], &error, sizeof(error), false);
}

/* Tell of the error, once. */
static long tell_error(const struct notice *r, const struct guest_socket *s, struct memo *m)
{
	sys_option(s->fd, SO_ERROR); /* the kernel's own is of a relay that was reset */
	const long rc = tell(r, m->error);
	if (notice_answer(r, rc)) { /* no signal has ended the call before it heard this */
		m->error = 0;
		m->result = -ECONNABORTED; /* what connect(2) tells then */
	}
	return NOTICE_LATER;
}

static void serve_deferred(const struct notice *r)
{
	const long rc = peer_serve_error(r);

	if (rc != NOTICE_LATER)
		notice_answer(r, rc);
}

long peer_serve_error(const struct notice *r)
{
	struct guest_socket s;
	long rc;
	struct memo *const m = memo_of(r, &s, &rc);

	if (m && m->error)
		rc = tell_error(r, &s, m);
	else if (m && m->result < 0 && s.fd < 0)
		rc = tell(r, 0); /* the kernel's own is of a relay that was reset */
	else if (rc == NOTICE_PASS && !asks_by_library(r) && was_missed(r, &s))
		rc = tell(r, ECONNABORTED);
	else if (rc == NOTICE_PASS && socket_is_inet(&s) && carry_defer(&s, r, serve_deferred))
		rc = NOTICE_LATER;
	socket_drop(&s);
	return rc;
}
