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

static const int heard[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGCONT, SIGURG, SIGWINCH, SIGCHLD};
static sigset_t before; /* the mask that the launcher was started with */

void child_heed(struct sigaction *ignored)
{
	sigaction(SIGCHLD, &(const struct sigaction){.sa_handler = SIG_DFL}, ignored);
}

void child_restore(const struct sigaction *ignored)
{
	sigaction(SIGCHLD, ignored, NULL);
}

static sigset_t to_hear(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(heard) / sizeof(*heard); i++)
		sigaddset(&set, heard[i]);
	return set;
}

pid_t child_start(int (*run)(void *), void *arg)
{
	const sigset_t set = to_hear();
	struct sigaction ignored;

	child_heed(&ignored);
	fflush(stdout); /* or both would write what is there */
	sigprocmask(SIG_BLOCK, &set, &before);
	const pid_t pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
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

/* Returns true with the status of the child if it has ended. */
static bool has_ended(pid_t pid, int *status)
{
	int now;
	pid_t who;

	while ((who = waitpid(-1, &now, WNOHANG | WUNTRACED)) > 0) {
		if (who == pid && WIFSTOPPED(now) && WSTOPSIG(now) != SIGSTOP)
			stop_too(pid);
		if (who == pid && !WIFSTOPPED(now)) {
			*status = now;
			return true;
		}
	}
	return false;
}

/* The terminal has sent its own signals to the command, too: the kernel is their sender. */
static void pass_on(int signals, pid_t pid)
{
	struct signalfd_siginfo s;

	while (read(signals, &s, sizeof(s)) == sizeof(s))
		if (s.ssi_signo != SIGCHLD && s.ssi_code != SI_KERNEL)
			kill(pid, (int)s.ssi_signo);
}

int child_wait(pid_t pid, const struct child_meanwhile *m)
{
	const sigset_t set = to_hear();
	const int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd events[] = {{.fd = signals, .events = POLLIN}, {.fd = m ? m->fd : -1, .events = POLLIN}};
	int status;

	while (!has_ended(pid, &status)) {
		poll(events, 2, m ? m->ms : -1);
		pass_on(signals, pid);
		if (m)
			m->tick(m->arg);
	}
	close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
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
