/* init: what happens when the library is loaded, and around a fork. */
#include <pthread.h>
#include <unistd.h>

#include "base/sys.h"
#include "conf/env.h"
#include "hook/hook.h"
#include "net/fork.h"

static void in_child(void)
{
	hook_forked();
	fork_in_child();
}

/* A process that never connects pays for this and nothing more. The environment is copied now because programs overwrite or clear theirs
 * (setproctitle, sudo, sshd) before their first connect. */
__attribute__((constructor)) static void init(void)
{
	sys_resolve();
	env_capture(environ);
	pthread_atfork(fork_before, fork_in_parent, in_child);
}
