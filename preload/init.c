/* init: what happens when the library is loaded, and around a fork. */
#include <pthread.h>

#include "hook/hook.h"
#include "net/engine.h"
#include "net/slot.h"

static void forked(void)
{
	slots_forked();
	engine_after_fork_in_child();
	hook_forked();
}

/* A process that never connects pays for this and nothing more. */
__attribute__((constructor)) static void init(void)
{
	hook_start();
	pthread_atfork(engine_before_fork, engine_after_fork_in_parent, forked);
}
