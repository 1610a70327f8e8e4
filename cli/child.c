/* SPDX-License-Identifier: MIT */
/* child: fork with signals blocked, and read them from a descriptor beside that of the child. */
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

static const int passed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGALRM, SIGURG};
static sigset_t before; /* the mask that the launcher was started with */

static sigset_t to_pass_on(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(*passed_on); i++)
		sigaddset(&set, passed_on[i]);
	return set;
}

pid_t child_start(int (*run)(const struct config *, char *command[]), const struct config *c, char *command[])
{
	const sigset_t set = to_pass_on();

	sigprocmask(SIG_BLOCK, &set, &before);
	const pid_t pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		_exit(run(c, command));
	}
	if (pid < 0)
		say("cannot start '%s': %s", command[0], strerror(errno));
	return pid;
}

/* The terminal has sent its own signals to the command, too: the kernel is their sender. */
static void pass_on(int signals, pid_t pid)
{
	struct signalfd_siginfo s;

	while (read(signals, &s, sizeof(s)) == sizeof(s))
		if (s.ssi_code != SI_KERNEL)
			kill(pid, (int)s.ssi_signo);
}

int child_wait(pid_t pid, void (*tick)(void *), int ms, void *arg)
{
	const sigset_t set = to_pass_on();
	struct pollfd polls[] = {{.fd = pidfd_open(pid, 0), .events = POLLIN},
				 {.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), .events = POLLIN}};
	int status;

	while (polls[0].fd >= 0) {
		const int n = poll(polls, 2, tick ? ms : -1);
		if (polls[1].revents)
			pass_on(polls[1].fd, pid);
		if (n > 0 && polls[0].revents)
			break;
		if (tick)
			tick(arg);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	close(polls[0].fd);
	close(polls[1].fd);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

/* Die of the same signal, so that a shell sees what it would have seen; a second core would be no use. */
static void die(int signal_number)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	prctl(PR_SET_DUMPABLE, 0);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

int child_end(int status)
{
	if (WIFSIGNALED(status))
		die(WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
