/* init: what happens when the library is loaded, and around a fork. */
#include <pthread.h>

#include "hook/app.h"
#include "fork.h"
#include "fd/table.h"
#include "sys_resolve.h"

static void in_child(void)
{
	sys_forked();
	app_forked();
	fork_in_child();
}

/* A process that never connects pays for this and nothing more. */
__attribute__((constructor)) static void init(void)
{
	app_start();
	fd_table_begin();
	pthread_atfork(fork_before, fork_in_parent, in_child);
}
