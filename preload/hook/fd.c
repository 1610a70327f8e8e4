/* fd: what happens to descriptors, which a dial has to know of. */
#include <limits.h>
#include <stdarg.h>

#include "hook/hook.h"
#include "net/pending.h"
#include "net/private.h"
#include "net/slot.h"
#include "net/udp.h"

/* The number is about to mean something else, or nothing. */
static void let_go(int fd, struct slot *slot)
{
	pending_abandon(slot, fd, false);
	slot_forget(slot);
}

int close(int fd)
{
	const int saved = errno;
	struct slot *slot = slot_find(fd);

	if (!slot || !slot_is(slot, SLOT_CLOSING) || slots_foreign())
		return sys.close(fd);
	if (slot_is(slot, SLOT_PRIVATE)) /* the program never opened it */
		return (int)hook_result(-EBADF, saved);
	if (slot_is(slot, SLOT_UDP))
		return (int)hook_result(udp_close(slot, fd), saved);
	let_go(fd, slot);
	return (int)hook_result(sys_rc(sys.close(fd)), saved);
}

/* libc closes a stream's descriptor by itself. */
static void let_go_of_stream(FILE *f)
{
	const int fd = fileno(f);
	struct slot *slot = slot_find(fd);

	if (slot && !slot_is(slot, SLOT_PRIVATE) && !slots_foreign())
		let_go(fd, slot);
}

int fclose(FILE *f)
{
	const int saved = errno;

	let_go_of_stream(f);
	errno = saved;
	return sys.fclose(f);
}

FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict f)
{
	const int saved = errno;

	let_go_of_stream(f);
	errno = saved;
	return sys.freopen(path, mode, f);
}

/* The answer of a call that made `to`, of which is known what is known of `from`. */
static int duplicated(int from, int to)
{
	const int rc = (int)sys_rc(to);
	const struct slot *slot = slot_find(from);

	if (to >= 0 && slot && to != from)
		slot_copy(slot, to);
	return rc;
}

int dup(int fd)
{
	const int saved = errno;

	pending_await(fd);
	return (int)hook_result(duplicated(fd, sys.dup(fd)), saved);
}

/* 0 if the number `to` may be overwritten. */
static int make_room(int from, int to)
{
	struct slot *slot = slot_find(to);

	pending_await(from);
	if (!slot || from == to || slots_foreign())
		return 0;
	if (slot_is(slot, SLOT_PRIVATE))
		return -EBUSY;
	if (sys.fcntl(from, F_GETFD) < 0)
		return -errno;
	let_go(to, slot);
	return 0;
}

int dup2(int from, int to)
{
	const int saved = errno, rc = make_room(from, to);

	return (int)hook_result(rc ? rc : duplicated(from, sys.dup2(from, to)), saved);
}

int dup3(int from, int to, int flags)
{
	const int saved = errno, rc = make_room(from, to);

	return (int)hook_result(rc ? rc : duplicated(from, sys.dup3(from, to, flags)), saved);
}

/* Status flags are the real socket's; a dial needs it nonblocking, as long as it lasts. */
static int set_flags(int fd, int flags)
{
	if (!(flags & O_NONBLOCK))
		pending_await(fd);
	const struct entered in = pending_enter(fd);
	const int rc = (int)sys_rc(sys.fcntl(in.fd, F_SETFL, flags));
	pending_leave(in);
	return rc;
}

static int control(int fd, int command, void *arg)
{
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		pending_await(fd);
		return duplicated(fd, sys.fcntl(fd, command, arg));
	case F_SETFL:
		return set_flags(fd, (int)(long)arg);
	case F_GETFD:
	case F_SETFD: /* the number's own */
		return (int)sys_rc(sys.fcntl(fd, command, arg));
	default: {
		const struct entered in = pending_enter(fd);
		const int rc = (int)sys_rc(sys.fcntl(in.fd, command, arg));
		pending_leave(in);
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
	if (!slot_find(fd))
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
	if (!slot_find(fd) || (request != FIONBIO && request != FIOASYNC && request != FIONREAD))
		return sys.ioctl(fd, request, arg);
	const int saved = errno;
	struct udp *u = request == FIONREAD ? udp_enter(fd) : NULL;
	if (u) {
		*(int *)arg = udp_pending(u, fd);
		udp_leave(u);
		return (int)hook_result(0, saved);
	}
	if (request == FIONBIO && !*(const int *)arg)
		pending_await(fd);
	const struct entered in = pending_enter(fd);
	const int rc = (int)sys_rc(sys.ioctl(in.fd, request, arg));
	pending_leave(in);
	return (int)hook_result(rc, saved);
}

#ifdef __GLIBC__
HOOK_TWIN(__close, close);
HOOK_TWIN(__dup2, dup2);
HOOK_TWIN(fcntl64, fcntl);
HOOK_TWIN(__fcntl, fcntl);

static void let_go_of(int fd, struct slot *slot, void *unused)
{
	(void)unused;
	let_go(fd, slot);
}

int close_range(unsigned first, unsigned last, int flags)
{
	const int saved = errno;

	if (!(flags & CLOSE_RANGE_CLOEXEC))
		slots_each(first, last, SLOT_PENDING | SLOT_PEER | SLOT_FAILED | SLOT_SHUT | SLOT_WATCHED | SLOT_UDP | SLOT_DIRECT | SLOT_BUS, let_go_of, NULL);
	return (int)hook_result(private_close_range(first, last, flags), saved);
}

void closefrom(int first)
{
	close_range(first < 0 ? 0 : (unsigned)first, UINT_MAX, 0);
}
#endif
