/* syscall: network calls made by number are the same calls. */
#include <stdarg.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "hook/hook.h"

static void *pointer(long argument)
{
	return (void *)(uintptr_t)argument;
}

long syscall(long number, ...)
{
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	const int fd = (int)a[0], i1 = (int)a[1], i2 = (int)a[2];
	void *const p0 = pointer(a[0]), *const p1 = pointer(a[1]), *const p2 = pointer(a[2]), *const p3 = pointer(a[3]);
	switch (number) {
	case SYS_connect:
		return __extension__ connect(fd, p1, (socklen_t)i2);
	case SYS_socket:
		return socket(fd, i1, i2);
	case SYS_sendto:
		return __extension__ sendto(fd, p1, (size_t)a[2], (int)a[3], pointer(a[4]), (socklen_t)a[5]);
	case SYS_sendmsg:
		return sendmsg(fd, p1, i2);
	case SYS_sendmmsg:
		return sendmmsg(fd, p1, (unsigned)a[2], (int)a[3]);
	case SYS_recvfrom:
		return __extension__ recvfrom(fd, p1, (size_t)a[2], (int)a[3], pointer(a[4]), pointer(a[5]));
	case SYS_recvmsg:
		return recvmsg(fd, p1, i2);
	case SYS_recvmmsg:
		return recvmmsg(fd, p1, (unsigned)a[2], (int)a[3], pointer(a[4]));
	case SYS_read:
		return read(fd, p1, (size_t)a[2]);
	case SYS_readv:
		return readv(fd, p1, i2);
	case SYS_write:
		return write(fd, p1, (size_t)a[2]);
	case SYS_writev:
		return writev(fd, p1, i2);
	case SYS_getpeername:
		return __extension__ getpeername(fd, p1, p2);
	case SYS_getsockname:
		return __extension__ getsockname(fd, p1, p2);
	case SYS_getsockopt:
		return getsockopt(fd, i1, i2, p3, pointer(a[4]));
	case SYS_setsockopt:
		return setsockopt(fd, i1, i2, p3, (socklen_t)a[4]);
	case SYS_shutdown:
		return shutdown(fd, i1);
	case SYS_epoll_ctl:
		return epoll_ctl(fd, i1, i2, p3);
	case SYS_close:
		return close(fd);
	case SYS_dup:
		return dup(fd);
#ifdef SYS_dup2
	case SYS_dup2:
		return dup2(fd, i1);
#endif
	case SYS_dup3:
		return dup3(fd, i1, i2);
	case SYS_fcntl:
		return fcntl(fd, i1, p2);
	case SYS_ioctl:
		return ioctl(fd, (unsigned long)a[1], p2);
	case SYS_execve:
		return execve(p0, p1, p2);
#ifdef __GLIBC__
	case SYS_close_range:
		return close_range((unsigned)a[0], (unsigned)a[1], i2);
	case SYS_execveat:
		return execveat(fd, p1, p2, p3, (int)a[4]);
#endif
	case SYS_io_uring_setup: /* what goes through a ring goes past every hook; libraries fall back to epoll */
	case SYS_io_uring_enter: /* one that was inherited */
	case SYS_io_uring_register:
		errno = ENOSYS;
		return -1;
	default:
		return sys.syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	}
}
