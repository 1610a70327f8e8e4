/* fork: what becomes of everything on this floor when the process forks. */
#include "net/fork.h"

#include <stdbool.h>

#include "net/engine.h"
#include "net/gate.h"
#include "net/orphan.h"
#include "net/pending.h"
#include "net/private.h"
#include "net/slot.h"
#include "net/udp.h"

static bool waiting; /* under the engine's lock */

void fork_before(void)
{
	gate_close();
	engine_before_fork();
	waiting = orphans_prepare();
}

void fork_in_parent(void)
{
	engine_after_fork_in_parent();
	gate_open();
}

void fork_in_child(void)
{
	const bool adopt = waiting;

	slots_forked();
	engine_after_fork_in_child();
	gate_open_in_child();
	udps_forked();
	if (adopt)
		orphans_keep();
	private_close_others(); /* of farewells, of what was given up, of a parent's own orphans */
	if (adopt)
		orphans_adopt();
}
