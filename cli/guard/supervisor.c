/* SPDX-License-Identifier: MIT */
/* supervisor: let go of all that is the command's, take the listener over, and wait while the engine works. */
#include "cli/guard/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cli/guard/datagram/forward.h"
#include "cli/guard/detach.h"
#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/spare.h"
#include "cli/guard/notify.h"
#include "cli/guard/stream/stay.h"
#include "cli/guard/wards.h"
#include "core/base/env.h"
#include "core/base/log.h"
#include "core/dial/bound_name.h"
#include "core/dial/rights.h"
#include "core/names/placeholder.h"

enum { HAND = DETACH_FIRST, WAITER };

/* The command's limits are no business of ours: what it sends takes our time, and the log grows. Where a limit cannot be raised, a write to the log
 * fails, and not we. */
static void raise_limits(void)
{
	static const int raised[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_AS, RLIMIT_DATA};
	struct rlimit limit;

	for (size_t i = 0; i < sizeof(raised) / sizeof(*raised); i++)
		if (getrlimit(raised[i], &limit) == 0) {
			limit.rlim_cur = limit.rlim_max;
			setrlimit(raised[i], &limit);
		}
	signal(SIGXFSZ, SIG_IGN);
}

static bool tell(int number)
{
	return write(HAND, &number, sizeof(number)) == sizeof(number);
}

int supervisor_may_look(pid_t command)
{
	static char octet; /* the command has this process's memory, as it was when it was forked */
	struct iovec ours = {&(char){0}, 1}, theirs = {&octet, 1};

	return process_vm_readv(command, &ours, 1, &theirs, 1, 0) == 1 ? 0 : -errno;
}

/* Returns the listener, or -errno. */
static int meet(pid_t command)
{
	int listener, rc;
	char byte;

	do
		rc = rights_take(HAND, &byte, 1, 0, &listener, 1);
	while (rc == -EINTR);
	if (rc == 0)
		rc = supervisor_may_look(command);
	if (rc == 0)
		return listener;
	tell(rc);
	return rc;
}

static void nobody_left(void)
{
	stay_alone();
	forward_finish();
	stay_release();
	wards_alone();
}

noreturn void supervisor_run(const struct config *c, pid_t command, int hand, int waiter)
{
	guest_use(c);
	detach((const int[]){hand, waiter}, 2);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_NAME, "socksify-guard");
	const int listener = meet(command);
	if (listener < 0)
		_exit(1);
	raise_limits();
	spare_keep();
	env_capture(environ); /* with what the launcher has set for the command */
	log_use(c->log, c->log_file, c->log_format);
	log_program("socksify");
	placeholder_use(c);
	if (c->listen != LISTEN_LOCAL || c->listeners)
		bound_name_use();
	tell(0);
	close(HAND);
	stay_hold();
	if (waiter >= 0)
		wards_start(command, WAITER);
	notify_start(listener, nobody_left);
	stay_wait();
	_exit(0);
}
