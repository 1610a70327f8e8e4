/* SPDX-License-Identifier: MIT */
/* udp_unhooked: a connected datagram socket written to and read from by calls that no hook sees: udp_unhooked SEND RECEIVE HOST PORT [FIRST]
 * SEND: stdio dprintf pwritev2 sendfile splice io_submit send.  RECEIVE: stdio preadv2 splice recv recvfrom poll.
 * FIRST: a hooked send and recv come first. Prints "got: TEXT", "from: ADDR:PORT", or "CALL: ERRNO". */
#include "tests/lib/common.h"

#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static struct sockaddr_storage to, from;
static socklen_t from_len = sizeof(from);

static long send_by_stdio(int fd, const char *text, size_t n)
{
	FILE *f = fdopen(dup(fd), "w");

	(void)n;
	fputs(text, f);
	return fflush(f);
}

static long send_file(int fd, const char *text, size_t n)
{
	const int file = memfd_create("text", 0);
	off_t at = 0;

	return write(file, text, n) < 0 ? -1 : sendfile(fd, file, &at, n);
}

static long send_spliced(int fd, const char *text, size_t n)
{
	int pair[2];

	return pipe(pair) || write(pair[1], text, n) < 0 ? -1 : splice(pair[0], NULL, fd, NULL, n, 0);
}

static long send_submitted(int fd, const char *text, size_t n)
{
	aio_context_t context = 0;
	struct iocb one = {.aio_fildes = (uint32_t)fd, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_buf = (uintptr_t)text, .aio_nbytes = n};
	struct iocb *all[] = {&one};
	struct io_event event;

	if (syscall(SYS_io_setup, 1, &context) || syscall(SYS_io_submit, context, 1, all) != 1 ||
	    syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1)
		return -1;
	errno = event.res < 0 ? (int)-event.res : 0;
	return event.res < 0 ? -1 : (long)event.res;
}

static long send_by(const char *how, int fd, const char *text)
{
	const size_t n = strlen(text);
	const struct iovec v = {(void *)(uintptr_t)text, n};

	if (!strcmp(how, "stdio"))
		return send_by_stdio(fd, text, n);
	if (!strcmp(how, "dprintf"))
		return dprintf(fd, "%s", text);
	if (!strcmp(how, "pwritev2"))
		return pwritev2(fd, &v, 1, -1, 0);
	if (!strcmp(how, "sendfile"))
		return send_file(fd, text, n);
	if (!strcmp(how, "splice"))
		return send_spliced(fd, text, n);
	if (!strcmp(how, "io_submit"))
		return send_submitted(fd, text, n);
	if (!strcmp(how, "send"))
		return send(fd, text, n, 0);
	die(how);
	return 0;
}

static long receive_spliced(int fd, char *at, size_t n)
{
	int pair[2];
	const long got = pipe(pair) ? -1 : splice(fd, NULL, pair[1], NULL, n, 0);

	return got < 0 ? got : read(pair[0], at, (size_t)got);
}

static long receive_by(const char *how, int fd, char *at, size_t n)
{
	const struct iovec v = {at, n};

	if (!strcmp(how, "stdio"))
		return fgets(at, (int)n, fdopen(dup(fd), "r")) ? (long)strlen(at) : -1;
	if (!strcmp(how, "preadv2"))
		return preadv2(fd, &v, 1, -1, 0);
	if (!strcmp(how, "splice"))
		return receive_spliced(fd, at, n);
	if (!strcmp(how, "recv"))
		return recv(fd, at, n, 0);
	if (!strcmp(how, "recvfrom"))
		return recvfrom(fd, at, n, 0, (struct sockaddr *)&from, &from_len);
	die(how);
	return 0;
}

static void fail(const char *call)
{
	printf("%s: %s\n", call, error_name(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	char answer[256] = "";

	if (argc < 5)
		die("udp_unhooked SEND RECEIVE HOST PORT [FIRST]");
	const socklen_t len = resolve(argv[3], argv[4], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_DGRAM, 0);
	if (connect(fd, (struct sockaddr *)&to, len))
		fail("connect");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){10, 0}, sizeof(struct timeval));
	if (argc > 5 && (send(fd, argv[5], strlen(argv[5]), 0) < 0 || recv(fd, answer, sizeof(answer), 0) < 0))
		fail("first");
	if (send_by(argv[1], fd, "hello\n") < 0)
		fail(argv[1]);
	memset(answer, 0, sizeof(answer));
	if (!(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 10000) == 1))
		fail("poll");
	if (receive_by(argv[2], fd, answer, sizeof(answer) - 1) < 0)
		fail(argv[2]);
	printf("got: %s", answer);
	if (!strcmp(argv[2], "recvfrom"))
		printf("from: %s\n", address_text(&from));
	socklen_t size = sizeof(from);
	if (getpeername(fd, (struct sockaddr *)&from, &size) == 0)
		printf("peer: %s\n", address_text(&from));
	size = sizeof(from);
	if (getsockname(fd, (struct sockaddr *)&from, &size) == 0)
		printf("own: %s\n", address_text(&from));
}
