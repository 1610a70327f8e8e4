/* init: what happens when the library is loaded, and around a fork. */
#include <pthread.h>
#include <unistd.h>

#include "base/sys.h"
#include "conf/env.h"
#include "hook/hook.h"
#include "net/engine.h"
#include "net/slot.h"
#include "net/udp.h"

static void forked(void)
{
	slots_forked();
	engine_after_fork_in_child();
	udps_forked();
	hook_forked();
}

/* A process that never connects pays for this and nothing more. The environment is copied now because programs overwrite or clear theirs
 * (setproctitle, sudo, sshd) before their first connect. */
__attribute__((constructor)) static void init(void)
{
	sys_resolve();
	env_capture(environ);
	pthread_atfork(engine_before_fork, engine_after_fork_in_parent, forked);
}
