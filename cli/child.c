/* SPDX-License-Identifier: MIT */
/* child: fork with signals blocked, and read them from a descriptor. */
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

static sigset_t before; /* the mask that the launcher was started with */

/* What became of the one that is waited for. */
static struct {
	bool over;
	int status;
} end;

void child_heed(struct sigaction *ignored)
{
	sigaction(SIGCHLD, &(const struct sigaction){.sa_handler = SIG_DFL}, ignored);
}

void child_restore(const struct sigaction *ignored)
{
	sigaction(SIGCHLD, ignored, NULL);
}

/* All that can wait. */
static sigset_t to_hear(void)
{
	sigset_t set;

	sigfillset(&set);
	return set;
}

void child_hold(void)
{
	const sigset_t set = to_hear();

	sigprocmask(SIG_BLOCK, &set, &before);
}

void child_release(void)
{
	sigprocmask(SIG_SETMASK, &before, NULL);
}

pid_t child_start(int (*run)(void *), void *arg)
{
	struct sigaction ignored;

	child_heed(&ignored);
	fflush(stdout); /* or both would write what is there */
	child_hold();
	const pid_t pid = fork();
	if (pid == 0) {
		child_release();
		child_restore(&ignored);
		const int status = run(arg);
		_exit(fflush(stdout) == 0 ? status : STATUS_FAILED);
	}
	if (pid < 0)
		say("cannot start another process: %s", strerror(errno));
	return pid;
}

/* The terminal has stopped the child, and us if it could: whoever started us is to see that. */
static void stop_too(pid_t pid)
{
	raise(SIGSTOP);
	kill(pid, SIGCONT);
}

void child_told(pid_t pid, int status)
{
	if (!WIFSTOPPED(status)) {
		end.over = true;
		end.status = status;
	} else if (WSTOPSIG(status) != SIGSTOP) {
		stop_too(pid);
	}
}

static void look(pid_t pid)
{
	int status;
	pid_t who;

	while ((who = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0)
		if (who == pid)
			child_told(pid, status);
}

/* True if the terminal has sent it, to the command, too; but the hang-up goes to whoever leads the session. */
static bool is_of_terminal(const struct signalfd_siginfo *s)
{
	switch (s->ssi_code == SI_KERNEL ? s->ssi_signo : 0) {
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH:
	case SIGCONT:
		return true;
	case SIGHUP:
		return getsid(0) != getpid();
	default:
		return false;
	}
}

/* What we did ourselves is ours, as a broken pipe; and what the command sends it sends to its parent, or to its group and so to itself, too. */
static bool is_of_us(const struct signalfd_siginfo *s, pid_t pid)
{
	return s->ssi_signo == SIGCHLD || (s->ssi_code <= 0 && ((pid_t)s->ssi_pid == pid || (pid_t)s->ssi_pid == getpid()));
}

static void pass_on(int signals, pid_t pid)
{
	struct signalfd_siginfo s;

	while (read(signals, &s, sizeof(s)) == sizeof(s))
		if (!is_of_us(&s, pid) && !is_of_terminal(&s))
			kill(pid, (int)s.ssi_signo);
}

int child_wait(pid_t pid, const struct child_meanwhile *m)
{
	const sigset_t set = to_hear();
	const int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd events[] = {{.fd = signals, .events = POLLIN}, {.events = POLLIN}};

	for (end.over = false; look(pid), !end.over;) {
		events[1].fd = m ? m->fd : -1;
		poll(events, 2, m ? m->ms : -1);
		pass_on(signals, pid);
		if (m)
			m->tick(m->arg);
	}
	close(signals);
	child_release();
	return end.status;
}

/* Die of the same signal, so that a shell sees what it would have seen; a second core would be no use. */
static void die(int number)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	prctl(PR_SET_DUMPABLE, 0);
	signal(number, SIG_DFL);
	raise(number);
}

int child_end(int status)
{
	if (WIFSIGNALED(status))
		die(WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
