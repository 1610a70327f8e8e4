/* SPDX-License-Identifier: MIT */
/* init: what happens when the library is loaded, and around a fork. */
#include <pthread.h>

#include "fd/fork_gate.h"
#include "fork.h"
#include "hook/app.h"

static void in_child(void)
{
	if (!fork_gate_used())
		return;
	app_forked();
	fork_in_child();
}

/* A process that never connects pays for this and nothing more. */
__attribute__((constructor)) static void init(void)
{
	app_start();
	pthread_atfork(fork_before, fork_in_parent, in_child);
}
