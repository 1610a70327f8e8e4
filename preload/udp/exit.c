/* SPDX-License-Identifier: MIT */
/* exit: the program ends, and expects that what it has sent is on its way. */
#include "core/base/clock.h"
#include "sys_resolve.h"
#include "udp/forwarder.h"
#include "udp/linger.h"

enum { PATIENCE_MS = 5000 };

/* Let go of what the engine has yet to send. The socket is locked. */
static void let_go(struct udp *u)
{
	if (u->forwarder)
		udp_forwarder_release(u->forwarder);
}

static void retire(struct udp *u)
{
	for (int i = 0; i < UDP_ASSOCIATIONS; i++)
		association_retire(&u->associations[i]);
}

/* Datagrams wait for associations that the engine is setting up. */
static void await_associations(struct udp *u, int64_t until)
{
	for (int i = 0; i < UDP_ASSOCIATIONS; i++)
		association_await_until(&u->associations[i], until);
}

static void finish(void)
{
	const int64_t until = clock_in_ms(PATIENCE_MS);

	udp_each(let_go);
	udp_forwarders_await(until);
	for (struct udp *u = udp_unfinished(); u; u = clock_now() < until ? udp_unfinished() : NULL) {
		await_associations(u, until);
		udp_leave(u);
	}
	udp_each(retire);
}

void udp_exit(void)
{
	if (sys_plain()) /* no datagram socket has sent through a chain: touch nothing more */
		return;
	if (udp_any() && !fd_table_foreign())
		finish();
	linger_exit();
}
