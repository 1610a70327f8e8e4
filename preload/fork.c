/* SPDX-License-Identifier: MIT */
/* fork: call, in the right order, each part that must prepare for a fork or repair itself after one. */
#include "fork.h"

#include <stdbool.h>

#include "core/base/lock.h"
#include "core/base/pages.h"
#include "core/dial/engine.h"
#include "core/dial/lookup.h"
#include "fd/decoy.h"
#include "fd/fork_gate.h"
#include "fd/fork_inherit.h"
#include "fd/hidden.h"
#include "fd/pending.h"
#include "fd/pending_pool.h"
#include "fd/table.h"
#include "listen/heir.h"
#include "udp/kin.h"
#include "udp/udp.h"

EARLY static bool waiting; /* under the engine's lock */

void fork_before(void)
{
	kin_before_fork();
	if (!fork_gate_used())
		return;
	fork_gate_close();
	engine_before_fork();
	lookup_before_fork();
	waiting = fork_inherit_prepare();
	heir_prepare();
}

void fork_in_parent(void)
{
	/* The gate is not closed if another thread began to use it meanwhile. */
	if (fork_gate_open())
		engine_after_fork_in_parent();
}

void fork_in_child(void)
{
	const bool adopt = waiting;

	lock_forked();
	fd_table_forked();
	engine_after_fork_in_child();
	lookup_forked();
	fork_gate_open_in_child();
	decoy_forked();
	pending_pool_forked();
	udp_forked();
	heir_keep();
	if (adopt)
		fork_inherit_keep();
	hidden_close_others(); /* the parent's: of dials given up, of those it inherited itself */
	if (adopt)
		fork_inherit_adopt();
	heir_begin();
}

void fork_unnoticed(void)
{
	waiting = pending_any();
	fork_in_child();
}
