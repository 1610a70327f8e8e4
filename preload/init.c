/* SPDX-License-Identifier: MIT */
/* init: start the library when it is loaded, and register what it does around a fork. */
#include <pthread.h>
#include <stdlib.h>

#include "fd/fork_gate.h"
#include "fd/journaled.h"
#include "fd/process.h"
#include "fork.h"
#include "hook/app.h"
#include "hook/connect.h"
#include "hook/listen.h"
#include "listen/succession.h"
#include "udp/inherit.h"

/* In a child that no fork handler ran in. */
static void in_copy(void)
{
	app_forked();
	fork_unnoticed();
}

static void in_child(void)
{
	if (!fork_gate_used())
		return;
	process_forked();
	app_forked();
	fork_in_child();
}

/* What ends without closing its connections still has them in the journal. */
__attribute__((destructor)) static void fini(void)
{
	udp_exit();
	journaled_exit();
}

/* A process that never connects pays only for this. */
__attribute__((constructor)) static void init(void)
{
	const char *const sockets = getenv(UDP_INHERIT_VARIABLE), *const listeners = getenv(SUCCESSION_VARIABLE);

	app_start();
	process_on_copy(in_copy);
	pthread_atfork(fork_before, fork_in_parent, in_child);
	if (listeners) {
		listen_inherited(listeners);
		unsetenv(SUCCESSION_VARIABLE);
	}
	if (!sockets)
		return;
	connect_inherited(sockets);
	unsetenv(UDP_INHERIT_VARIABLE);
}
