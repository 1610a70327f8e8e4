/* SPDX-License-Identifier: MIT */
/* wards: jobs of the engine's at SIGCHLD, and at the connection to whoever waits. */
#include "cli/guard/wards.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/guard/guest/notice.h"
#include "cli/guard/stream/stay.h"
#include "core/dial/engine.h"

static struct job deaths, waiting;
static pid_t command;           /* 0: it has ended, and that was said */
static struct ward_news ending; /* of the command, once `ended` */
static bool ended;

static void tell(const struct ward_news *news)
{
	send(waiting.fd, news, sizeof(*news), MSG_NOSIGNAL);
}

/* While the command lives, so does its session with us in it: a group of processes that has no parent there cannot be stopped by the terminal. */
static void tell_end(bool last)
{
	ending.last = last;
	tell(&ending);
	command = 0;
	setsid();
	stay_release();
}

static void note(int status)
{
	if (WIFSTOPPED(status)) {
		tell(&(struct ward_news){.status = status});
		return;
	}
	ended = true;
	ending.status = status;
	if (stay_is_alone())
		tell_end(stay_is_last());
	else if (!notice_is_over())
		tell_end(false);
	/* else wards_alone() is about to be called, and we may end, too */
}

void wards_alone(void)
{
	if (ended && command)
		tell_end(stay_is_last());
}

static bool reap(struct job *j)
{
	struct signalfd_siginfo s;
	int status;
	pid_t who;

	while (read(j->fd, &s, sizeof(s)) == sizeof(s))
		;
	while ((who = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0)
		if (who == command)
			note(status);
	return true;
}

/* Who waits says nothing. */
static bool hear(struct job *j)
{
	char byte;

	if (recv(j->fd, &byte, 1, MSG_DONTWAIT) != 0)
		return true;
	if (!ended)
		kill(command, SIGKILL);
	return false;
}

static void leave(struct job *j)
{
	(void)j;
}

void wards_adopt(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void wards_start(pid_t the_command, int waiter)
{
	sigset_t all, child;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL); /* what the terminal, or the command, sends its parent */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	command = the_command;
	stay_hold();
	waiting = (struct job){.fd = waiter, .step = hear, .end = leave, .limit = INT64_MAX};
	deaths = (struct job){.fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK), .step = reap, .end = leave, .limit = INT64_MAX};
	engine_submit(&waiting);
	engine_submit(&deaths);
}
