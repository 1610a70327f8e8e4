/* SPDX-License-Identifier: MIT */
/* log_sink: block signals, write in a way that does not wait, and take back the signal that a failed write has raised. */
#include "core/base/log_sink.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#include "core/base/cancel.h"
#include "core/base/interrupt.h"
#include "core/base/own.h"
#include "core/base/pages.h"
#include "core/base/sys.h"

/* What number 2 was at the start. */
EARLY static struct {
	bool known, open;
	dev_t device;
	ino_t inode;
} at_start;

void log_sink_start(void)
{
	struct stat st;

	at_start.open = fstat(STDERR_FILENO, &st) == 0;
	at_start.device = st.st_dev;
	at_start.inode = st.st_ino;
	at_start.known = true;
}

static bool is_of_start(const struct stat *st)
{
	return at_start.open && st->st_dev == at_start.device && st->st_ino == at_start.inode;
}

/* The kernel sends these to the thread that writes, not to the process. One that was pending before ours is the program's: they do not
 * queue. */
static void take_back(int number, const sigset_t *pending)
{
	sigset_t raised;

	sigemptyset(&raised);
	sigaddset(&raised, number);
	if (!sigismember(pending, number))
		sigtimedwait(&raised, NULL, &(struct timespec){0});
}

/* A blocked SIGTTOU lets a background process write to its terminal, whatever `stty tostop` says. */
static void put(int fd, const char *line, size_t n)
{
	sigset_t pending;

	sigpending(&pending);
	if (sys.write(fd, line, n) >= 0)
		return;
	if (errno == EPIPE)
		take_back(SIGPIPE, &pending);
	else if (errno == EFBIG)
		take_back(SIGXFSZ, &pending);
}

/* Open a pipe or terminal once more, since O_NONBLOCK set on number 2 itself would be seen by all who share it. */
static int open_again(void *unused)
{
	(void)unused;
	return (int)sys_rc(open("/proc/thread-self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

static bool has_room(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, 0) == 1 && p.revents == POLLOUT;
}

/* Without /proc, or the right to open it again (after su), write if there seems to be room: only a writer that is quicker makes us wait. */
static void put_without_waiting(const struct stat *was, const char *line, size_t n)
{
	const int fd = own_make(open_again, NULL);
	struct stat st;

	if (fd < 0 && fd != -ENXIO && has_room(STDERR_FILENO))
		put(STDERR_FILENO, line, n);
	else if (fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == was->st_dev && st.st_ino == was->st_ino)
		put(fd, line, n);
	own_close(fd);
}

static bool is_inherited(void)
{
	return !(sys.fcntl(STDERR_FILENO, F_GETFD) & FD_CLOEXEC);
}

static void put_to_stderr(const char *line, size_t n, bool at_exec)
{
	const int flags = sys.fcntl(STDERR_FILENO, F_GETFL);
	struct stat st;

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fstat(STDERR_FILENO, &st))
		return;
	if (!is_of_start(&st) && !(at_exec && is_inherited()))
		return;
	if (S_ISSOCK(st.st_mode))
		sys_send(STDERR_FILENO, line, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	else if (flags & O_NONBLOCK || !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		put(STDERR_FILENO, line, n);
	else
		put_without_waiting(&st, line, n);
}

void log_sink_stderr(const char *line, size_t n, bool at_exec)
{
	struct hold held;
	sigset_t before;

	if (!at_start.known)
		log_sink_start();
	cancel_hold(&held);
	interrupt_hold_all(&before);
	put_to_stderr(line, n, at_exec);
	interrupt_release(&before);
	cancel_release(&held);
}

/* The file may be a pipe or a terminal, too. */
static int open_file(void *path)
{
	return (int)sys_rc(open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600));
}

void log_sink_file(const char *path, const char *line, size_t n)
{
	struct hold held;
	sigset_t before;

	cancel_hold(&held);
	interrupt_hold_all(&before);
	const int fd = own_make(open_file, (void *)path);
	if (fd >= 0)
		put(fd, line, n);
	own_close(fd);
	interrupt_release(&before);
	cancel_release(&held);
}
