/* SPDX-License-Identifier: MIT */
/* guard: fork the supervisor, make sure that it may look into us, install the filter, and hand the listener over. */
#include "cli/guard/guard.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/guard/filter/filter.h"
#include "cli/guard/filter/judge.h"
#include "cli/guard/filter/landlock.h"
#include "cli/guard/supervisor.h"
#include "core/base/log_sink.h"
#include "core/base/sys.h"

/* The filter, which the supervisor knows, too. */
static struct sock_filter code[GUARD_FILTER_MAX];
static struct sock_fprog program = {.filter = code};

static void make_filter(const struct config *c, uint32_t marker)
{
	const unsigned wanted = (c->listen != LISTEN_LOCAL || c->listeners ? GUARD_LISTEN : 0) | (c->strict ? GUARD_STRICT : 0);

	program.len = (unsigned short)guard_filter(code, marker, wanted);
	judge_use(&program);
}

static int problem_is(struct text *problem, int rc, const char *what)
{
	text_add(problem, "%s: %s", what, strerror(-rc));
	return rc;
}

/* Returns the listener, or -errno. */
static int install(void)
{
	const long rc = sys_rc(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));

	/* Without privileges the kernel wants a promise first, under which set-uid programs get none either. */
	if (rc != -EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return (int)rc;
	return (int)sys_rc(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

/* Make the process that will be the supervisor, as nobody's child in a session of its own. Returns 0 or -errno. */
static int fork_supervisor(const struct config *c, int hand)
{
	const pid_t command = getpid(), between = fork();

	if (between < 0)
		return -errno;
	if (between) {
		while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
			;
		return 0;
	}
	setsid();
	if (fork() != 0)
		_exit(0);
	supervisor_run(c, command, hand);
}

/* Ask the supervisor for a number, after telling it one if that is not negative. Returns it, or -errno. */
static int exchange(int hand, int number)
{
	if (number >= 0 && write(hand, &number, sizeof(number)) != sizeof(number))
		return -errno;
	return read(hand, &number, sizeof(number)) == sizeof(number) ? number : -EPIPE;
}

/* Where only an ancestor may look into a process, let this one do so, too; it will be true of this process alone, whatever it executes, and not of
 * its children. Returns 0, or the -errno with which the supervisor fails to look into us. */
static int let_look(int hand)
{
	const int supervisor = exchange(hand, -1);

	if (supervisor < 0)
		return supervisor;
	prctl(PR_SET_PTRACER, supervisor, 0, 0, 0); /* fails where no such permission is needed */
	return exchange(hand, 0);
}

static int hand_over(int hand, const struct config *c, struct text *problem)
{
	int rc = c->strict ? landlock_lacks(problem) : 0;
	if (rc)
		return rc;
	rc = program.len ? let_look(hand) : -EINVAL;
	if (rc < 0)
		return problem_is(problem, rc, "the supervisor may not look into the command");
	const int listener = install();
	if (listener < 0)
		return problem_is(problem, listener,
				  listener == -EBUSY ? "another supervisor is above us" : "the kernel takes no filter");
	rc = exchange(hand, listener);
	close(listener);
	if (rc < 0)
		return problem_is(problem, rc, "the supervisor cannot start");
	rc = c->strict ? landlock_limit(c) : 0;
	return rc ? problem_is(problem, rc, "Landlock does not take its rules") : 0;
}

int guard_start(const struct config *c, uint32_t marker, struct text *problem)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return problem_is(problem, -errno, "no supervisor");
	make_filter(c, marker);
	log_sink_start();
	int rc = fork_supervisor(c, ends[1]);
	close(ends[1]);
	rc = rc ? problem_is(problem, rc, "no supervisor") : hand_over(ends[0], c, problem);
	close(ends[0]);
	return rc;
}
