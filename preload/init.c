/* SPDX-License-Identifier: MIT */
/* init: start the library when it is loaded, and register what it does around a fork. */
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

/* A process that never connects pays only for this. */
__attribute__((constructor)) static void init(void)
{
	app_start();
	pthread_atfork(fork_before, fork_in_parent, in_child);
}
