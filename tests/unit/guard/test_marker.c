/* SPDX-License-Identifier: MIT */
/* The library's own calls under the guard's filter, in a child: they pass by their mark, and reach the kernel whole. */
#include "cli/guard/filter/filter.c"

#include <pthread.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tap.h"

#define MARKER 0x8a17c0deu /* its sign bit is set */

static bool put_up_filter(void)
{
	static struct sock_filter code[GUARD_FILTER_MAX];
	const struct sock_fprog program = {(unsigned short)guard_filter(code, MARKER, GUARD_LISTEN), code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/* Returns what `promise` returns in a child under the filter. */
static int in_child(int promise(void))
{
	int status = -1;
	const pid_t child = fork();

	if (child == 0)
		_exit(put_up_filter() ? promise() : 99);
	EXPECT_INT(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct sockaddr_un own;
static socklen_t own_len;
static int fd;

/* A datagram socket that can be sent to. */
static bool open_socket(void)
{
	own = (struct sockaddr_un){.sun_family = AF_UNIX};
	own_len = sizeof(own);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	return fd >= 0 && bind(fd, (struct sockaddr *)&own, sizeof(sa_family_t)) == 0 &&
	       getsockname(fd, (struct sockaddr *)&own, &own_len) == 0;
}

static struct msghdr message_of(const char *text)
{
	static struct iovec v[4];
	static int next;
	struct iovec *const one = &v[next++ % 4];

	*one = (struct iovec){(void *)(uintptr_t)text, strlen(text)};
	return (struct msghdr){.msg_iov = one, .msg_iovlen = 1, .msg_name = &own, .msg_namelen = own_len};
}

static bool arrived(const char *text)
{
	char got[16] = "";

	return recv(fd, got, sizeof(got), 0) == (ssize_t)strlen(text) && memcmp(got, text, strlen(text)) == 0;
}

static int all_pass(void)
{
	const struct sockaddr *const to = (struct sockaddr *)&own;

	sys_mark(MARKER);
	if (!open_socket())
		return 99;
	const struct msghdr m = message_of("message");
	struct mmsghdr many[] = {{.msg_hdr = message_of("first")}, {.msg_hdr = message_of("second")}};
	if (sys_sendto(fd, "sendto", 6, MSG_NOSIGNAL, to, own_len) != 6 || !arrived("sendto"))
		return 1;
	if (sys_sendmsg(fd, &m, 0) != 7 || !arrived("message"))
		return 2;
	if (sys_sendmmsg(fd, many, 2, 0) != 2 || !arrived("first") || !arrived("second") || many[1].msg_len != 6)
		return 3;
	if (sys_connect(fd, to, own_len) != 0 || sys_send(fd, "peer", 4, 0) != 4 || !arrived("peer"))
		return 4;
	if (sys_connect(-1, to, own_len) != -1 || errno != EBADF)
		return 5;
	const int inet = socket(AF_INET, SOCK_DGRAM, 0);
	const struct ip_mreq nowhere = {0};
	return sys_setsockopt(inet, IPPROTO_IP, IP_ADD_MEMBERSHIP, &nowhere, sizeof(nowhere)) != -1 || errno != EINVAL ? 6 : 0;
}

TEST("the library's calls pass the filter and arrive whole")
{
	SKIP_EMULATED("qemu-user has no seccomp");
	EXPECT_INT(in_child(all_pass), 0);
}

static int is_above(void)
{
	sys_mark(MARKER);
	errno = ENOENT;
	return sys_is_guarded() && errno == ENOENT ? 0 : 1;
}

static int is_anothers(void)
{
	sys_mark(MARKER ^ 1);
	return sys_is_guarded() ? 1 : 0;
}

TEST("who knows the marker can tell whether its guard is above")
{
	SKIP_EMULATED("qemu-user has no seccomp");
	EXPECT_INT(in_child(is_above), 0);
	EXPECT_INT(in_child(is_anothers), 0);
	sys_mark(MARKER);
	EXPECT(!sys_is_guarded());
	sys_mark(0);
	EXPECT(!sys_is_guarded());
}

static int stage;

static void *cancelled(void *unused)
{
	pthread_cancel(pthread_self());
	sys_is_guarded();
	sys_setsockopt(-1, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
	stage = 1;
	sys_connect(-1, NULL, 0);
	stage = 2;
	return unused;
}

static int in_cancelled_thread(void)
{
	pthread_t thread;
	void *result;

	sys_mark(MARKER);
	if (pthread_create(&thread, NULL, cancelled, NULL) || pthread_join(thread, &result))
		return 9;
	return stage == 1 && result == PTHREAD_CANCELED ? 0 : stage + 1;
}

TEST("a marked call is a cancellation point where libc's is")
{
	SKIP_EMULATED("qemu-user has no seccomp");
	EXPECT_INT(in_child(in_cancelled_thread), 0);
}

/* Without a listener, what asks is ENOSYS. */
static int all_stop(void)
{
	const struct sockaddr *const to = (struct sockaddr *)&own;

	if (!open_socket())
		return 99;
	const struct msghdr m = message_of("message");
	struct mmsghdr one = {.msg_hdr = m};
	if (sys_connect(fd, to, own_len) != -1 || errno != ENOSYS)
		return 1;
	if (sys_sendto(fd, "x", 1, 0, to, own_len) != -1 || errno != ENOSYS)
		return 2;
	if (sys_sendmsg(fd, &m, 0) != -1 || errno != ENOSYS)
		return 3;
	return sys_sendmmsg(fd, &one, 1, 0) != -1 || errno != ENOSYS ? 4 : 0;
}

TEST("without the marker, or with another, the same calls stop")
{
	SKIP_EMULATED("qemu-user has no seccomp");
	EXPECT_INT(in_child(all_stop), 0);
	sys_mark(MARKER ^ 1);
	EXPECT_INT(in_child(all_stop), 0);
	sys_mark(UINT32_MAX);
	EXPECT_INT(in_child(all_stop), 0);
}

TEST("a marker is eight hexadecimal digits, and not what every register has")
{
	EXPECT_INT(sys_marker_of("0123abcd"), 0x0123abcd);
	EXPECT_INT(sys_marker_of("0123abcd.more"), 0x0123abcd);
	EXPECT_INT(sys_marker_of("ffffffff"), 0);
	EXPECT_INT(sys_marker_of("00000000"), 0);
	EXPECT_INT(sys_marker_of("0123abc"), 0);
	EXPECT_INT(sys_marker_of("0123abcx"), 0);
	EXPECT_INT(sys_marker_of(""), 0);
	EXPECT_INT(sys_marker_of(NULL), 0);
}
