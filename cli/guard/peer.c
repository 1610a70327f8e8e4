/* SPDX-License-Identifier: MIT */
/* peer: ask the memo, and write what it says into the command's memory. */
#include "cli/guard/peer.h"

#include <errno.h>

#include "cli/guard/carry.h"
#include "cli/guard/guest.h"
#include "cli/guard/memo.h"
#include "cli/guard/socket.h"
#include "core/base/sys.h"

/* Copy what fits of `size` bytes to `at`, and `told`, as the length, to `len_at`. */
static long give(const struct notice *r, uint64_t at, uint64_t len_at, const void *from, socklen_t size, bool whole)
{
	socklen_t room;
	int rc = guest_read(r, &room, len_at, sizeof(room));

	if (rc)
		return rc;
	if ((int)room < 0)
		return -EINVAL;
	const socklen_t n = room < size ? room : size, told = whole ? size : n;
	rc = guest_write(r, at, from, n);
	return rc ? rc : guest_write(r, len_at, &told, sizeof(told));
}

static bool is_connected(const struct guest_socket *s)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	return __extension__ sys.getpeername(s->fd, (struct sockaddr *)&peer, &len) == 0;
}

/* Returns what is remembered of the socket; NULL, with what to answer in `rc`, if that is nothing. */
static struct memo *memo_of(const struct notice *r, struct guest_socket *s, long *rc)
{
	struct memo *m = NULL;

	*rc = socket_take(s, r, (int)r->arg[0]);
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
		rc = give(r, r->arg[1], r->arg[2], &m->peer, endpoint_len(&m->peer), true);
	socket_drop(&s);
	return rc;
}

long peer_serve_error(const struct notice *r)
{
	struct guest_socket s;
	long rc;
	struct memo *const m = memo_of(r, &s, &rc);

	if (m && m->error) {
		sys_option(s.fd, SO_ERROR); /* the kernel's own is of a relay that was reset */
		rc = give(r, r->arg[3], r->arg[4], &m->error, sizeof(m->error), false);
		if (notice_answer(r, rc)) { /* no signal has ended the call before it heard this */
			m->error = 0;
			m->result = -ECONNABORTED; /* what connect(2) tells then */
		}
		rc = NOTICE_LATER;
	}
	socket_drop(&s);
	return rc;
}
