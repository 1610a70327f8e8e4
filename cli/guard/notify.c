/* SPDX-License-Identifier: MIT */
/* notify: a job of the engine's at the listener. */
#include "cli/guard/notify.h"

#include <errno.h>

#include "cli/guard/connect.h"
#include "cli/guard/datagram/sharers.h"
#include "cli/guard/guest/calls.h"
#include "cli/guard/guest/notice.h"
#include "cli/guard/guest/trusted.h"
#include "cli/guard/listen.h"
#include "cli/guard/name.h"
#include "cli/guard/send.h"
#include "cli/guard/socketcall.h"
#include "cli/guard/stream/peer.h"
#include "core/base/clock.h"
#include "core/dial/engine.h"

enum { AT_ONCE = 64 }; /* then other jobs have a turn */

static struct job job;
static void (*at_end)(void);

static long serve(const struct notice *r)
{
	sharers_meet(r);
	switch (call_of(r)) {
	case CALL_connect:
		return connect_serve(r);
	case CALL_sendto:
		return send_serve_to(r);
	case CALL_sendmsg:
		return send_serve_message(r);
	case CALL_sendmmsg:
		return send_serve_messages(r);
	case CALL_getpeername:
		return trusted_is_told(r) ? trusted_serve(r) : peer_serve(r);
	case CALL_bind:
		return name_serve_bind(r);
	case CALL_getsockname:
		return name_serve(r);
	case CALL_listen:
		return listen_serve(r);
	case CALL_getsockopt:
		return peer_serve_error(r);
	case CALL_setsockopt:
		return listen_serve_group(r);
	default:
		return -ENOSYS;
	}
}

static bool step(struct job *j)
{
	int rc = 0;
	struct notice r;

	for (int n = 0; n < AT_ONCE && (rc = notice_take(&r)) == 0; n++) {
		const long verdict = call_of(&r) == CALL_socketcall ? socketcall_open(&r) : 0, answer = verdict ? verdict : serve(&r);
		if (answer != NOTICE_LATER)
			notice_answer(&r, answer);
	}
	j->limit = rc ? INT64_MAX : clock_now();
	return rc != -ENOENT;
}

static void end(struct job *j)
{
	(void)j;
	at_end();
}

void notify_start(int listener, void (*its_end)(void))
{
	at_end = its_end;
	notice_use(listener);
	job = (struct job){.fd = listener, .step = step, .end = end, .limit = INT64_MAX};
	engine_submit(&job);
}
