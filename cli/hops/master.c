/* SPDX-License-Identifier: MIT */
/* master: say it in the words of mux, and with descriptors. */
#include "cli/hops/master.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/hops/mux.h"

enum { ANSWER_MS = 5000, END_MS = 2000 };

static int connect_to(const char *path, int flags)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	const int fd = strlen(path) < sizeof(at.sun_path) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0) : -1;

	if (fd < 0)
		return -ENAMETOOLONG;
	memcpy(at.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	const int error = errno;
	close(fd);
	return -error;
}

int master_connect(const char *control)
{
	return connect_to(control, SOCK_NONBLOCK);
}

static bool send_all(int fd, const struct buf *b)
{
	return !b->overflow && send(fd, b->at, b->len, MSG_NOSIGNAL) == (ssize_t)b->len;
}

static bool send_fd(int fd, int passed)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec octet = {.iov_base = (char[1]){0}, .iov_len = 1};
	const struct msghdr m = {
		.msg_iov = &octet, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)};

	memcpy(CMSG_DATA(&control.head), &passed, sizeof(passed));
	return sendmsg(fd, &m, MSG_NOSIGNAL) == 1;
}

bool master_forward(int fd, const struct addr *target, int in, int out)
{
	uint8_t bytes[MUX_OUT];
	struct buf b = {.at = bytes, .size = sizeof(bytes)};

	mux_put_hello(&b);
	mux_put_forward(&b, target);
	return send_all(fd, &b) && send_fd(fd, in) && send_fd(fd, out);
}

/* A set of messages. */
#define ONE(message) (1u << (message))

/* Wait until it says one of these. Returns that, with a port if it names one; MUX_GARBLED if it says nothing more. */
static enum mux_message await(int fd, unsigned wanted, uint16_t *port)
{
	uint8_t in[MUX_IN];
	size_t got = 0, at = 0, len = 0;

	for (;;) {
		const enum mux_message message = mux_get(in + at, got - at, &len);
		if (message == MUX_PORT)
			*port = mux_port(in + at);
		if (wanted & ONE(message) || message == MUX_GARBLED)
			return message;
		if (message != MUX_MORE) {
			at += len;
			continue;
		}
		const ssize_t n = got < sizeof(in) ? recv(fd, in + got, sizeof(in) - got, 0) : 0;
		if (n <= 0)
			return MUX_GARBLED;
		got += (size_t)n;
	}
}

int master_join(const char *control)
{
	uint8_t bytes[MUX_OUT];
	struct buf b = {.at = bytes, .size = sizeof(bytes)};
	const struct timeval limit = {.tv_sec = ANSWER_MS / 1000};
	const int fd = connect_to(control, 0);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	mux_put_hello(&b);
	mux_put_check(&b);
	if (send_all(fd, &b) && await(fd, ONE(MUX_ALIVE), NULL) == MUX_ALIVE)
		return fd;
	close(fd);
	return -EPROTO;
}

bool master_listen(int fd, uint16_t *port, const struct addr *to)
{
	uint8_t bytes[MUX_OUT];
	struct buf b = {.at = bytes, .size = sizeof(bytes)};

	mux_put_listen(&b, *port, to);
	if (!send_all(fd, &b))
		return false;
	const enum mux_message answer = await(fd, ONE(MUX_DONE) | ONE(MUX_PORT) | ONE(MUX_REFUSED), port);
	return answer == MUX_DONE || answer == MUX_PORT;
}

void master_listen_no_more(int fd, uint16_t port, const struct addr *to)
{
	uint8_t bytes[MUX_OUT];
	struct buf b = {.at = bytes, .size = sizeof(bytes)};

	mux_put_listen_no_more(&b, port, to);
	if (send_all(fd, &b))
		await(fd, ONE(MUX_DONE) | ONE(MUX_REFUSED), NULL);
}

void master_end(int fd)
{
	uint8_t bytes[MUX_OUT];
	struct buf b = {.at = bytes, .size = sizeof(bytes)};
	const struct timeval limit = {.tv_sec = END_MS / 1000};

	mux_put_end(&b);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (send_all(fd, &b))
		await(fd, 0, NULL); /* which it will not say */
	close(fd);
}
