/* SPDX-License-Identifier: MIT */
/* connect_by_number: connect_by_number ADDRESS LINE: all that is done to a socket, by syscall(2). */
#include "tests/lib/common.h"

#include <sys/epoll.h>
#include <sys/syscall.h>

int main(int argc, char **argv)
{
	struct sockaddr_storage to, peer;
	socklen_t size = sizeof(peer);
	char text[4096];
	int error = -1, copy;

	if (argc != 3)
		die("connect_by_number ADDRESS LINE");
	const socklen_t len = address_parse(argv[1], &to);
	const int fd = (int)syscall(SYS_socket, to.ss_family, SOCK_STREAM, 0);
	const int set = epoll_create1(EPOLL_CLOEXEC);
	syscall(SYS_fcntl, fd, F_SETFL, O_NONBLOCK);
	say("connect", (int)syscall(SYS_connect, fd, &to, len));
	syscall(SYS_close_range, 100, ~0U, 0); /* a program may think that nothing is open there */
	syscall(SYS_epoll_ctl, set, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLOUT});
	if (epoll_wait(set, &(struct epoll_event){0}, 1, 10000) != 1)
		die("epoll_wait");
	size = sizeof(error);
	syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error_name(error));
	syscall(SYS_fcntl, fd, F_SETFL, 0);
	syscall(SYS_dup3, fd, 100, O_CLOEXEC);
	copy = (int)syscall(SYS_dup, 100);
	syscall(SYS_close, 100);
	syscall(SYS_close, fd);
	size = sizeof(peer);
	syscall(SYS_getpeername, copy, &peer, &size);
	printf("peer: %s\n", address_text(&peer));
	snprintf(text, sizeof(text), "%s\n", argv[2]);
	syscall(SYS_sendto, copy, text, strlen(text), 0, NULL, 0);
	const ssize_t n = read(copy, text, sizeof(text));
	printf("answer: %.*s", n > 0 ? (int)n : 0, text);
	say("io_uring_setup", (int)syscall(SYS_io_uring_setup, 1, text));
	syscall(SYS_close_range, copy, copy, 0);
	say("read", (int)read(copy, text, 1));
	const int udp = (int)syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
	say("raw", (int)syscall(SYS_socket, AF_PACKET, SOCK_RAW, 0));
	const socklen_t placeholder = resolve("secret.test", "0", AF_INET, &to);
	say("bind", (int)syscall(SYS_bind, udp, &to, placeholder));
	syscall(SYS_shutdown, udp, SHUT_RDWR);
	return 0;
}
