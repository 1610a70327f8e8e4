/* SPDX-License-Identifier: MIT */
/* parent: fork twice; the youngest says whether it has become the command. */
#include "cli/guard/parent.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/child.h"
#include "cli/guard/detach.h"
#include "cli/guard/supervisor.h"
#include "cli/guard/wards.h"

/* What the youngest says, and then nobody but the supervisor any more. */
struct outcome {
	int rc;
	pid_t command;
	char problem[512];
};

/* What this process was. */
struct before {
	struct sigaction ignored;
	int adopts;
};

static int waiter = -1; /* in the youngest: the connection to the process that waits */
static bool there;

static int say(int to, int rc, const char *problem)
{
	struct outcome o = {.rc = rc, .command = getpid()};

	snprintf(o.problem, sizeof(o.problem), "%s", problem);
	return write(to, &o, sizeof(o)) == sizeof(o) ? 0 : -EPIPE;
}

static void hold(struct before *b)
{
	child_heed(&b->ignored);
	fflush(stdout); /* or all would write what is there */
	child_hold();
	/* The command is ours if the supervisor is killed. */
	prctl(PR_GET_CHILD_SUBREAPER, &b->adopts, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static void release(const struct before *b)
{
	prctl(PR_SET_CHILD_SUBREAPER, b->adopts, 0, 0, 0);
	child_release();
	child_restore(&b->ignored);
}

/* Be the supervisor, and return in its child. */
static int fork_command(const struct config *c, const struct before *b, int words)
{
	int hand[2];

	wards_adopt();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, hand))
		_exit(say(words, -errno, "no supervisor") ? 1 : 0);
	const pid_t command = fork();
	if (command < 0)
		_exit(say(words, -errno, "no supervisor") ? 1 : 0);
	if (command > 0) {
		close(hand[0]);
		supervisor_run(c, command, hand[1], words);
	}
	close(hand[1]);
	release(b);
	waiter = words;
	return hand[0];
}

/* The process that waits in the command's name. */
struct front {
	struct child_meanwhile meanwhile;
	pid_t command;
	bool last;
};

static void hear(void *front)
{
	struct front *const f = front;
	struct ward_news news;
	ssize_t n;

	while ((n = recv(f->meanwhile.fd, &news, sizeof(news), MSG_DONTWAIT)) == sizeof(news)) {
		f->last = news.last;
		child_told(f->command, news.status);
	}
	if (n == 0) /* the supervisor was killed */
		f->meanwhile.fd = -1;
}

static noreturn void stay_in_front(pid_t supervisor, pid_t command, int words)
{
	struct front f = {.meanwhile = {hear, &f, -1, DETACH_FIRST}, .command = command};

	detach(&words, 1);
	const int status = child_wait(command, &f.meanwhile);
	if (f.last) /* then what both took of the processor is known to whoever waits for us */
		waitpid(supervisor, NULL, 0);
	_exit(child_end(status));
}

/* Returns in the process that was there before: nothing came of it. */
static int wait_for(pid_t supervisor, int words, struct text *problem)
{
	struct outcome o = {.rc = -EPIPE, .problem = "the supervisor has ended"};

	while (read(words, &o, sizeof(o)) < 0 && errno == EINTR)
		;
	if (o.rc == 0)
		stay_in_front(supervisor, o.command, words);
	while (waitpid(supervisor, NULL, 0) < 0 && errno == EINTR)
		;
	if (o.command > 0)
		waitpid(o.command, NULL, 0);
	text_add(problem, "%s", o.problem);
	return o.rc;
}

int parent_split(const struct config *c, struct text *problem)
{
	struct before b;
	int words[2], rc;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, words))
		return -errno;
	hold(&b);
	const pid_t supervisor = fork();
	if (supervisor == 0) {
		close(words[0]);
		return fork_command(c, &b, words[1]);
	}
	rc = supervisor < 0 ? -errno : 0;
	close(words[1]);
	if (rc == 0)
		rc = wait_for(supervisor, words[0], problem);
	close(words[0]);
	release(&b);
	return rc;
}

int parent_settle(int rc, const struct text *problem)
{
	if (say(waiter, rc, problem->at) || rc)
		_exit(1);
	close(waiter);
	there = true;
	return 0;
}

bool parent_is_there(void)
{
	return there;
}
