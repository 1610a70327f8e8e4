/* SPDX-License-Identifier: MIT */
/* guard: fork a supervisor that may look into us, install the filter, and hand the listener over. */
#include "cli/guard/guard.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/child.h"
#include "cli/guard/filter/filter.h"
#include "cli/guard/filter/judge.h"
#include "cli/guard/filter/landlock.h"
#include "cli/guard/parent.h"
#include "cli/guard/supervisor.h"
#include "cli/guard/yama.h"
#include "core/base/log_sink.h"
#include "core/base/sys.h"
#include "core/dial/rights.h"

/* The filter, which the supervisor knows, too. */
static struct sock_filter code[GUARD_FILTER_MAX];
static struct sock_fprog program = {.filter = code};

/* Returns what the filter has to stop for this configuration. */
static unsigned wanted_by(const struct config *c)
{
	bool proxy = c->listen == LISTEN_PROXY;

	for (const struct rule *r = c->listeners; r; r = r->next)
		proxy = proxy || r->listen == LISTEN_PROXY;
	return (c->listen != LISTEN_LOCAL || c->listeners ? GUARD_LISTEN : 0) | (proxy ? GUARD_NAME : 0) | (c->strict ? GUARD_STRICT : 0);
}

static void make_filter(const struct config *c, uint32_t marker)
{
	program.len = (unsigned short)guard_filter(code, marker, wanted_by(c));
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

/* True if orphans become this process's children, as they do the first process's of a container: wait(2) would speak to it of the supervisor. */
static bool adopts(void)
{
	int does = 0;

	prctl(PR_GET_CHILD_SUBREAPER, &does, 0, 0, 0);
	return does || getpid() == 1;
}

/* Fork a child of which wait(2) does not speak, because it ends without a signal. */
static pid_t fork_unheard(void)
{
	return (pid_t)syscall(SYS_clone, 0UL, NULL, NULL, NULL, 0UL);
}

/* In between: try whether the supervisor may look into the command, and be its parent if it is to be nobody's child. */
static noreturn void between(const struct config *c, pid_t command, int hand, bool orphan)
{
	setsid();
	const int rc = supervisor_may_look(command);
	if (rc || !orphan || fork() != 0)
		_exit(-rc);
	supervisor_run(c, command, hand, -1);
}

/* Make the process that will be the supervisor, in a session of its own. Returns 0, or -errno: -EPERM if it may not look into this process, nor so
 * into what this one starts. */
static int fork_supervisor(const struct config *c, int hand)
{
	const bool orphan = !adopts();
	const pid_t command = getpid(), child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0)
		between(c, command, hand, orphan);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	const int rc = WIFEXITED(status) ? -WEXITSTATUS(status) : -EPIPE;
	if (rc || orphan)
		return rc;
	const pid_t supervisor = fork_unheard();
	if (supervisor)
		return supervisor < 0 ? -errno : 0;
	setsid();
	supervisor_run(c, command, hand, -1);
}

static int explain(struct text *problem, int rc)
{
	if (rc != -EPERM)
		return problem_is(problem, rc, "the supervisor cannot start");
	problem_is(problem, rc, "the supervisor may not look into the command");
	yama_explain(problem);
	return rc;
}

/* Give the supervisor the listener: by a call that the filter lets pass. Returns what it says, or -errno. */
static int offer(int hand, int listener, uint32_t marker)
{
	sys_mark(marker);
	int rc = rights_send(hand, "", 1, &listener, 1);

	if (rc)
		return rc;
	return read(hand, &rc, sizeof(rc)) == sizeof(rc) ? rc : -EPIPE;
}

/* Returns 0; or -errno, with the reason. */
static int hand_over(int hand, const struct config *c, uint32_t marker, struct text *problem)
{
	int rc = c->strict ? landlock_lacks(problem) : 0;
	if (rc)
		return rc;
	const int listener = program.len ? install() : -EINVAL;
	if (listener < 0)
		return problem_is(problem, listener,
				  listener == -EBUSY ? "another supervisor is above us" : "the kernel takes no filter");
	rc = offer(hand, listener, marker);
	close(listener);
	if (rc < 0)
		return explain(problem, rc);
	rc = c->strict ? landlock_limit(c) : 0;
	return rc ? problem_is(problem, rc, "Landlock does not take its rules") : 0;
}

/* Returns the connection to a supervisor beside us, or -errno as fork_supervisor(). */
static int start_beside(const struct config *c)
{
	struct sigaction ignored;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	prctl(PR_SET_PTRACER, 0, 0, 0, 0); /* what lets somebody look into this process alone proves nothing */
	child_heed(&ignored);
	const int rc = fork_supervisor(c, ends[1]);
	child_restore(&ignored);
	close(ends[1]);
	if (rc == 0)
		return ends[0];
	close(ends[0]);
	return rc;
}

/* Goes on in another process, unless that fails. */
static int start_above(const struct config *c, uint32_t marker, struct text *problem)
{
	const int hand = parent_split(c, problem);

	if (hand < 0)
		return problem->len ? hand : problem_is(problem, hand, "no supervisor");
	const int rc = hand_over(hand, c, marker, problem);
	close(hand);
	return parent_settle(rc, problem);
}

int guard_start(const struct config *c, uint32_t marker, struct text *problem)
{
	if (access("/proc/self/exe", F_OK)) /* what a supervisor knows of programs it reads there */
		return problem_is(problem, -errno, "/proc is not mounted");
	make_filter(c, marker);
	log_sink_start();
	const int hand = start_beside(c);
	if (hand == -EPERM)
		return start_above(c, marker, problem);
	if (hand < 0)
		return problem_is(problem, hand, "no supervisor");
	const int rc = hand_over(hand, c, marker, problem);
	close(hand);
	return rc;
}
