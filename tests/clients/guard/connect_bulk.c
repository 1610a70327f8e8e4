/* SPDX-License-Identifier: MIT */
/* connect_bulk: connect_bulk HOST PORT N: connect a nonblocking socket, send N bytes to a server that echoes them, and read them back meanwhile; then
 * end the sending side, and read the end. Prints "same: N, then the end". */
#include "tests/lib/common.h"

#include <poll.h>

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 31 + i / 1009);
}

static size_t send_some(int fd, size_t at, size_t n)
{
	unsigned char piece[65536];
	size_t size = 0;

	for (; size < sizeof(piece) && at + size < n; size++)
		piece[size] = byte_at(at + size);
	const ssize_t sent = send(fd, piece, size, MSG_NOSIGNAL);
	if (sent < 0 && errno != EAGAIN)
		die("send");
	return sent > 0 ? (size_t)sent : 0;
}

/* Returns how many came; -1 at the end. */
static ssize_t receive_some(int fd, size_t at)
{
	unsigned char piece[65536];
	const ssize_t n = recv(fd, piece, sizeof(piece), 0);

	if (n < 0 && errno != EAGAIN)
		die("recv");
	for (ssize_t i = 0; i < n; i++)
		if (piece[i] != byte_at(at + (size_t)i))
			die("another byte");
	return n < 0 ? 0 : n ? n : -1;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	size_t sent = 0, got = 0;

	if (argc != 4)
		die("connect_bulk HOST PORT N");
	const size_t n = strtoul(argv[3], NULL, 10);
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (connect(fd, (struct sockaddr *)&to, len) && errno != EINPROGRESS)
		die("connect");
	for (ssize_t more = 0; more >= 0;) {
		struct pollfd p = {fd, (short)(POLLIN | (sent < n ? POLLOUT : 0)), 0};
		poll(&p, 1, -1);
		if (p.revents & POLLOUT && (sent += send_some(fd, sent, n)) == n)
			shutdown(fd, SHUT_WR);
		more = p.revents & ~POLLOUT ? receive_some(fd, got) : 0;
		got += more > 0 ? (size_t)more : 0;
	}
	printf("%s: %zu, then the end\n", got == n ? "same" : "too few", got);
	return got != n;
}
