/* SPDX-License-Identifier: MIT */
/* system: do what libc's does, but start the shell by our posix_spawn(), which completes the environment. Libc would give the shell `environ`
 * alone, which may have lost our variables; and a command line could not carry them, because every user of the machine may read it. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "core/base/cancel.h"
#include "core/base/lock.h"
#include "fd/fork_gate.h"
#include "hook/exec.h"
#include "hook/hook.h"

/* While any thread waits for a command, SIGINT and SIGQUIT are for the command alone. */
static struct {
	struct lock lock;
	unsigned callers;
	struct sigaction interrupt, quit; /* the program's own actions, while there are callers */
} ignored;

/* A command that is running. */
struct command {
	pid_t shell;
	sigset_t mask; /* the caller's */
};

/* Ignore the signals and block SIGCHLD. Put into `defaults` what the command must not inherit as ignored. */
static void begin(struct command *c, sigset_t *defaults)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t child;

	fork_gate_use();
	lock_take(&ignored.lock);
	if (ignored.callers++ == 0) {
		sigaction(SIGINT, &ignore, &ignored.interrupt);
		sigaction(SIGQUIT, &ignore, &ignored.quit);
	}
	sigemptyset(defaults);
	if (ignored.interrupt.sa_handler != SIG_IGN)
		sigaddset(defaults, SIGINT);
	if (ignored.quit.sa_handler != SIG_IGN)
		sigaddset(defaults, SIGQUIT);
	lock_give(&ignored.lock);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &child, &c->mask);
}

static void end(const struct command *c)
{
	lock_take(&ignored.lock);
	if (--ignored.callers == 0) {
		sigaction(SIGINT, &ignored.interrupt, NULL);
		sigaction(SIGQUIT, &ignored.quit, NULL);
	}
	lock_give(&ignored.lock);
	pthread_sigmask(SIG_SETMASK, &c->mask, NULL);
}

static int start(struct command *c, const char *line, const sigset_t *defaults)
{
	posix_spawnattr_t attributes;

	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &c->mask);
	posix_spawnattr_setsigdefault(&attributes, defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	const int error = exec_shell(&c->shell, line, NULL, &attributes);
	posix_spawnattr_destroy(&attributes);
	return error;
}

/* The calling thread is cancelled, or a handler jumps out. */
static void give_up(void *command)
{
	const struct command *c = command;

	kill(c->shell, SIGKILL);
	exec_wait(c->shell);
	end(c);
}

static int run(const char *line)
{
	int status = 127 << 8; /* if the shell cannot be run, POSIX has it look as if it had ended so */
	const int saved = errno;
	struct command c;
	sigset_t defaults;

	begin(&c, &defaults);
	const int error = start(&c, line, &defaults);
	if (!error) {
		struct cleanup cleanup;
		cleanup_begin(&cleanup, give_up, &c);
		status = exec_wait(c.shell);
		cleanup_end(&cleanup);
	}
	const int why = error ? error : status < 0 ? errno : saved;
	end(&c);
	errno = why;
	return status;
}

int system(const char *command)
{
	return command ? run(command) : run("exit 0") == 0;
}
