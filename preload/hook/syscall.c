/* syscall: network calls made by number are the same calls. */
#include <stdarg.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "hook/hook.h"

long syscall(long number, ...)
{
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	const int fd = (int)a[0];
	void *const p1 = (void *)(uintptr_t)a[1], *const p4 = (void *)(uintptr_t)a[4];
	switch (number) {
	case SYS_connect:
		return connect(fd, p1, (socklen_t)a[2]);
	case SYS_socket:
		return socket(fd, (int)a[1], (int)a[2]);
	case SYS_sendto:
		return sendto(fd, p1, (size_t)a[2], (int)a[3], p4, (socklen_t)a[5]);
	case SYS_sendmsg:
		return sendmsg(fd, p1, (int)a[2]);
	case SYS_sendmmsg:
		return sendmmsg(fd, p1, (unsigned)a[2], (int)a[3]);
	case SYS_recvfrom:
		return recvfrom(fd, p1, (size_t)a[2], (int)a[3], p4, (socklen_t *)(uintptr_t)a[5]);
	case SYS_recvmsg:
		return recvmsg(fd, p1, (int)a[2]);
	case SYS_recvmmsg:
		return recvmmsg(fd, p1, (unsigned)a[2], (int)a[3], p4);
	case SYS_read:
		return read(fd, p1, (size_t)a[2]);
	case SYS_readv:
		return readv(fd, p1, (int)a[2]);
	case SYS_write:
		return write(fd, p1, (size_t)a[2]);
	case SYS_writev:
		return writev(fd, p1, (int)a[2]);
	case SYS_close:
		return close(fd);
#ifdef SYS_io_uring_setup
	case SYS_io_uring_setup: /* what goes through a ring goes past every hook; libraries fall back to epoll */
		errno = ENOSYS;
		return -1;
#endif
	default:
		return sys.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	}
}
