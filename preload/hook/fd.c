/* SPDX-License-Identifier: MIT */
/* fd: tell dials, epoll registrations and UDP sockets when a descriptor closes, is duplicated or changes its flags. */
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>

#include "core/base/caller.h"
#include "core/dial/engine.h"
#include "fd/decoy.h"
#include "fd/entered.h"
#include "fd/epoll.h"
#include "fd/hidden.h"
#include "fd/journaled.h"
#include "fd/pending.h"
#include "fd/table.h"
#include "hook/exec.h"
#include "hook/hook.h"
#include "hook/popen.h"
#include "listen/listener.h"
#include "udp/kin.h"
#include "udp/udp.h"

enum { CLAIMS = 20 };

/* Forget all about a number that is about to be closed or overwritten. */
static void let_go(int fd, struct fd_entry *entry)
{
	pending_abandon(entry, fd, false);
	journaled_close(entry, fd);
	if (fd_entry_is(entry, FD_LISTENING))
		listener_closed(entry);
	/* The engine may be moving a registration of this number. */
	const bool disputed = fd_entry_is(entry, FD_REGISTERED | FD_MOVING | FD_UDP);
	if (disputed)
		lock_take(&entry->lock);
	fd_epoll_forget(entry);
	if (fd_entry_is(entry, FD_UDP))
		udp_closed(entry);
	fd_entry_clear(entry, ~0u);
	if (disputed)
		lock_give(&entry->lock);
}

int close(int fd)
{
	const int saved = errno;
	struct fd_entry *entry = fd_entry_find(fd);

	if (!entry || !fd_entry_is(entry, FD_CLOSING) || fd_table_foreign())
		return sys.close(fd);
	if (fd_entry_is(entry, FD_HIDDEN)) /* the program never opened this number */
		return (int)hook_result(-EBADF, saved);
	if (fd_entry_is(entry, FD_UDP))
		return (int)hook_result(udp_close(entry, fd), saved);
	let_go(fd, entry);
	return (int)hook_result(sys_rc(sys.close(fd)), saved);
}

/* libc closes a stream's descriptor without calling close(). */
static void let_go_of_stream(FILE *f)
{
	const int fd = fileno(f);
	struct fd_entry *entry = fd_entry_find(fd);

	if (entry && !fd_entry_is(entry, FD_HIDDEN) && !fd_table_foreign())
		let_go(fd, entry);
}

int fclose(FILE *f)
{
	const int saved = errno;

	let_go_of_stream(f);
	const pid_t command = popen_forget(f);
	errno = saved;
	const int rc = sys.fclose(f), status = command ? exec_wait(command) : 0;
	return status ? status : rc;
}

int pclose(FILE *f)
{
	return fclose(f);
}

FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict f)
{
	const int saved = errno;

	let_go_of_stream(f);
	errno = saved;
	return sys.freopen(path, mode, f);
}

/* A datagram socket may yet send through a chain, which its other numbers have to know. */
static void note_duplicate(int from, int to)
{
	if (sys_option(from, SO_TYPE) != SOCK_DGRAM || fd_table_foreign())
		return;
	struct fd_entry *const entries[] = {fd_entry_make(from), fd_entry_make(to)};
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		if (entries[i])
			fd_entry_set(entries[i], FD_DUPLICATED);
}

/* Record that `to` is a duplicate of `from`. Returns `to` or a negative errno, as the call that made `to` ended. */
static int duplicated(int from, int to)
{
	const int rc = (int)sys_rc(to);
	struct fd_entry *const entry = fd_entry_find(from);

	if (kin_made_some && to >= 0 && to != from && !(entry && fd_entry_is(entry, FD_UDP)))
		note_duplicate(from, to);
	if (to < 0 || !entry || to == from || fd_table_foreign())
		return rc;
	udp_verify(to);
	if (fd_entry_is(entry, FD_UDP))
		udp_copied(entry, to);
	fd_entry_copy(entry, to);
	struct fd_entry *const copy = fd_entry_is(entry, FD_LISTENING) ? fd_entry_make(to) : NULL;
	if (copy)
		listener_copied(entry, from, copy);
	return rc;
}

int dup(int fd)
{
	const int saved = errno;

	fd_await(fd);
	return (int)hook_result(duplicated(fd, sys.dup(fd)), saved);
}

/* Have a number of ours given up for the program: what is being connected ends first, then nothing of ours need be open. Returns 0 with the
 * helper paused, or -EBUSY if something lasts (a UDP association). */
static int claim(const struct fd_entry *entry)
{
	fd_table_await();
	for (int i = 0; i < CLAIMS; i++) {
		engine_pause();
		decoy_drop_spare();
		if (!fd_entry_is(entry, FD_HIDDEN))
			return 0;
		engine_resume();
		poll(NULL, 0, 1); /* the last threads leave their connects */
	}
	return -EBUSY;
}

/* Prepare to overwrite the number `to`. Returns 0, or a negative errno if that may not happen. *paused: the helper is to be resumed. */
static int make_room(int from, int to, bool *paused)
{
	struct fd_entry *entry = fd_entry_find(to);

	*paused = false;
	fd_await(from);
	if (!entry || from == to || fd_table_foreign())
		return 0;
	if (sys.fcntl(from, F_GETFD) < 0)
		return -errno;
	if (fd_entry_is(entry, FD_HIDDEN)) {
		const int rc = claim(entry);
		*paused = rc == 0;
		return rc;
	}
	let_go(to, entry);
	return 0;
}

/* Do what dup2(2) does; dup3(2), if there are flags. */
static int duplicate_to(int from, int to, const int *flags)
{
	const int saved = errno;
	bool paused;
	int rc = make_room(from, to, &paused);

	if (rc == 0)
		rc = duplicated(from, flags ? sys.dup3(from, to, *flags) : sys.dup2(from, to));
	if (paused)
		engine_resume();
	return (int)hook_result(rc, saved);
}

int dup2(int from, int to)
{
	return duplicate_to(from, to, NULL);
}

int dup3(int from, int to, int flags)
{
	return duplicate_to(from, to, &flags);
}

/* Set the real socket's status flags. A dial needs O_NONBLOCK, so wait for the dial before clearing that. */
static int set_flags(int fd, int flags)
{
	if (!(flags & O_NONBLOCK))
		fd_await(fd);
	const struct entered in = fd_enter(fd);
	const int rc = (int)sys_rc(sys.fcntl(in.fd, F_SETFL, in.fd == fd ? flags : flags & ~O_ASYNC));
	if (rc == 0 && in.fd != fd)
		in.locked->stream.pending->flags = flags;
	fd_leave(in);
	return rc;
}

/* The real socket is without O_ASYNC while it is dialled. */
static int get_flags(int fd)
{
	const struct entered in = fd_enter(fd);
	const int rc = (int)sys_rc(sys.fcntl(in.fd, F_GETFL));
	const int async = in.fd != fd ? in.locked->stream.pending->flags & O_ASYNC : 0;
	fd_leave(in);
	return rc < 0 ? rc : rc | async;
}

static int control(int fd, int command, void *arg)
{
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		fd_await(fd);
		return duplicated(fd, sys.fcntl(fd, command, arg));
	case F_GETFL:
		return get_flags(fd);
	case F_SETFL:
		return set_flags(fd, (int)(long)arg);
	case F_GETFD:
	case F_SETFD: /* these flags belong to the number */
		return (int)sys_rc(sys.fcntl(fd, command, arg));
	default: {
		const struct entered in = fd_enter(fd);
		const int rc = (int)sys_rc(sys.fcntl(in.fd, command, arg));
		fd_leave(in);
		return rc;
	}
	}
}

int fcntl(int fd, int command, ...)
{
	va_list args;

	va_start(args, command);
	void *arg = va_arg(args, void *);
	va_end(args);
	if (!fd_entry_find(fd))
		return sys.fcntl(fd, command, arg);
	const int saved = errno;
	return (int)hook_result(control(fd, command, arg), saved);
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	va_start(args, request);
	void *arg = va_arg(args, void *);
	va_end(args);
	if (!fd_entry_find(fd) || (request != FIONBIO && request != FIOASYNC && request != FIONREAD))
		return sys.ioctl(fd, request, arg);
	const int saved = errno;
	struct udp *u = request == FIONREAD && udp_is(fd) ? udp_enter(fd) : NULL;
	if (u) {
		const int n = udp_pending(u, fd);
		return (int)hook_result(caller_write(arg, &n, sizeof(n)) ? 0 : -EFAULT, saved);
	}
	int on;
	if (request == FIONBIO && caller_read(&on, arg, sizeof(on)) && !on)
		fd_await(fd);
	const struct entered in = fd_enter(fd);
	const int rc = (int)sys_rc(sys.ioctl(in.fd, request, arg));
	fd_leave(in);
	return (int)hook_result(rc, saved);
}

static void let_go_of(int fd, struct fd_entry *entry, void *unused)
{
	(void)unused;
	let_go(fd, entry);
}

int close_range(unsigned first, unsigned last, int flags)
{
	const int saved = errno;

	if (first > last || flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return sys.close_range(first, last, flags);
	if (flags & CLOSE_RANGE_UNSHARE && unshare(CLONE_FILES))
		return -1;
	flags &= ~CLOSE_RANGE_UNSHARE;
	if (!(flags & CLOSE_RANGE_CLOEXEC))
		fd_table_each(first, last, FD_KINDS | FD_REGISTERED, let_go_of, NULL);
	return (int)hook_result(hidden_close_range(first, last, flags), saved);
}

void closefrom(int first)
{
	close_range(first < 0 ? 0 : (unsigned)first, UINT_MAX, 0);
}
