/* SPDX-License-Identifier: MIT */
/* udp_call: one datagram out by one call, one in by another: udp_call [-6] [-n] [-c] SEND RECEIVE HOST PORT [TEXT]
 * -6: an AF_INET6 socket, -n: nonblocking, -c: connected.
 * SEND: sendto sendmsg sendmmsg send write writev syscall.  RECEIVE: recvfrom recvmsg recvmmsg recv read readv recvfrom_chk recv_chk read_chk.
 * Prints "sent: N", "got: TEXT", "from: ADDR:PORT", or "CALL: ERRNO". */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

ssize_t __recvfrom_chk(int, void *, size_t, size_t, int, struct sockaddr *, socklen_t *);
ssize_t __recv_chk(int, void *, size_t, size_t, int);
ssize_t __read_chk(int, void *, size_t, size_t);

static struct sockaddr_storage to, from;
static socklen_t to_len, from_len = sizeof(from);
static bool connected;

static long send_by(const char *how, int fd, char *text)
{
	const size_t n = strlen(text);
	struct iovec v[2] = {{text, n / 2}, {text + n / 2, n - n / 2}};
	struct mmsghdr m = {
		.msg_hdr = {.msg_name = connected ? NULL : &to, .msg_namelen = connected ? 0 : to_len, .msg_iov = v, .msg_iovlen = 2}};
	struct sockaddr *a = connected ? NULL : (struct sockaddr *)&to;
	const socklen_t len = connected ? 0 : to_len;

	if (!strcmp(how, "sendto"))
		return sendto(fd, text, n, 0, a, len);
	if (!strcmp(how, "sendmsg"))
		return sendmsg(fd, &m.msg_hdr, 0);
	if (!strcmp(how, "sendmmsg"))
		return sendmmsg(fd, &m, 1, 0) == 1 ? (long)m.msg_len : -1;
	if (!strcmp(how, "send"))
		return send(fd, text, n, 0);
	if (!strcmp(how, "write"))
		return write(fd, text, n);
	if (!strcmp(how, "writev"))
		return writev(fd, v, 2);
	if (!strcmp(how, "syscall"))
		return syscall(SYS_sendto, fd, text, n, 0, a, len);
	die(how);
	return 0;
}

static long receive_by(const char *how, int fd, char *at, size_t n)
{
	struct iovec v[2] = {{at, 3}, {at + 3, n - 3}};
	struct mmsghdr m = {.msg_hdr = {.msg_name = &from, .msg_namelen = from_len, .msg_iov = v, .msg_iovlen = 2}};
	struct sockaddr *a = (struct sockaddr *)&from;

	if (!strcmp(how, "recvfrom"))
		return recvfrom(fd, at, n, 0, a, &from_len);
	if (!strcmp(how, "recvmsg"))
		return recvmsg(fd, &m.msg_hdr, 0);
	if (!strcmp(how, "recvmmsg"))
		return recvmmsg(fd, &m, 1, 0, NULL) == 1 ? (long)m.msg_len : -1;
	if (!strcmp(how, "recv"))
		return recv(fd, at, n, 0);
	if (!strcmp(how, "read"))
		return read(fd, at, n);
	if (!strcmp(how, "readv"))
		return readv(fd, v, 2);
	if (!strcmp(how, "recvfrom_chk"))
		return __recvfrom_chk(fd, at, n, n, 0, a, &from_len);
	if (!strcmp(how, "recv_chk"))
		return __recv_chk(fd, at, n, n, 0);
	if (!strcmp(how, "read_chk"))
		return __read_chk(fd, at, n, n);
	if (!strcmp(how, "syscall"))
		return syscall(SYS_recvfrom, fd, at, n, 0, a, &from_len);
	die(how);
	return 0;
}

int main(int argc, char **argv)
{
	char text[65536] = "hello", answer[65536] = "";
	int family = AF_INET, type = SOCK_DGRAM;

	for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
		if (argv[1][1] == '6')
			family = AF_INET6;
		else if (argv[1][1] == 'n')
			type |= SOCK_NONBLOCK;
		else
			connected = true;
	}
	if (argc < 5)
		die("udp_call [-6] [-n] [-c] SEND RECEIVE HOST PORT [TEXT]");
	if (argc > 5)
		snprintf(text, sizeof(text), "%s", argv[5]);
	to_len = resolve(argv[3], argv[4], family, &to);
	const int fd = socket(family, type, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 10}, sizeof(struct timeval));
	if (connected && connect(fd, (struct sockaddr *)&to, to_len))
		return say("connect", -1), 1;
	const long sent = send_by(argv[1], fd, text);
	if (sent < 0)
		return say(argv[1], -1), 1;
	if (type & SOCK_NONBLOCK && poll(&(struct pollfd){fd, POLLIN, 0}, 1, 10000) != 1)
		return puts("poll: timeout"), 1;
	const long got = receive_by(argv[2], fd, answer, sizeof(answer) - 1);
	if (got < 0)
		return say(argv[2], -1), 1;
	printf("sent: %ld\ngot: %.*s\n", sent, (int)got, answer);
	if (from.ss_family)
		printf("from: %s\n", address_text(&from));
	from_len = sizeof(from);
	if (connected && !getpeername(fd, (struct sockaddr *)&from, &from_len))
		printf("peer: %s\n", address_text(&from));
	return 0;
}
