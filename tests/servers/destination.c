/* SPDX-License-Identifier: MIT */
/* destination: a TCP server to be reached: destination echo|hello|discard|source:BYTES|http ADDR:PORT [LOG] */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/epoll.h>

/* echo gives back what it gets; hello speaks first, then echoes; discard only reads; source sends BYTES and closes;
 * http answers any request with "reached HOST-HEADER\n". LOG gets a line with each client's address. */
static const char *mode;
static size_t source_bytes;

struct client {
	int fd;
	size_t left;
};

static void http(int fd, const char *request, ssize_t n)
{
	char host[256] = "", answer[512], body[300];
	const char *field = memmem(request, (size_t)n, "\r\nHost: ", 8);

	if (field)
		sscanf(field + 8, "%255[^\r:]", host);
	snprintf(body, sizeof(body), "reached %s\n", host);
	snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
		 body);
	if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
		close(fd);
}

static bool serve_client(struct client *c, unsigned events)
{
	static char bytes[1 << 18];

	if (events & EPOLLOUT && source_bytes) {
		const size_t n = c->left < sizeof(bytes) ? c->left : sizeof(bytes);
		const ssize_t sent = send(c->fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0)
			return errno == EAGAIN;
		return c->left -= (size_t)sent;
	}
	const ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);
	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	if (!strcmp(mode, "http"))
		http(c->fd, bytes, n);
	else if (strcmp(mode, "discard") && send(c->fd, bytes, (size_t)n, MSG_NOSIGNAL) != n)
		return false;
	return true;
}

static void welcome(int poller, int listener, const char *log)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);

	for (int fd; (fd = accept4(listener, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
		struct client *c = malloc(sizeof(*c));
		*c = (struct client){fd, source_bytes};
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		if (log) {
			const int file = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
			dprintf(file, "%s\n", address_text(&from));
			close(file);
		}
		if (!strcmp(mode, "hello") && send(fd, "hello\n", 6, MSG_NOSIGNAL) < 0)
			die("send");
		epoll_ctl(poller, EPOLL_CTL_ADD, fd, &(struct epoll_event){source_bytes ? EPOLLOUT : EPOLLIN, {.ptr = c}});
		len = sizeof(from);
	}
}

int main(int argc, char **argv)
{
	struct epoll_event events[256];

	if (argc < 3)
		die("destination MODE ADDR:PORT [LOG]");
	mode = argv[1];
	if (!strncmp(mode, "source:", 7))
		source_bytes = strtoull(mode + 7, NULL, 0);
	const int poller = epoll_create1(EPOLL_CLOEXEC), listener = serve(argv[2]);
	epoll_ctl(poller, EPOLL_CTL_ADD, listener, &(struct epoll_event){EPOLLIN, {.ptr = NULL}});
	for (;;) {
		const int n = epoll_wait(poller, events, 256, -1);
		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;
			if (!c) {
				welcome(poller, listener, argc > 3 ? argv[3] : NULL);
			} else if (!serve_client(c, events[i].events)) {
				close(c->fd);
				free(c);
			}
		}
	}
}
