/* SPDX-License-Identifier: MIT */
#include "dns/socket_owner.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tap.h"

enum { SOMEBODY = 65533, SOMEBODY_ELSE = 65534 };

/* Bind a socket; its port. */
static uint16_t bound(int family, int type, int *fd)
{
	struct sockaddr_in6 at = {.sin6_family = (sa_family_t)family};
	socklen_t len = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof at;

	*fd = socket(family, type, 0);
	EXPECT(bind(*fd, (struct sockaddr *)&at, len) == 0);
	EXPECT(getsockname(*fd, (struct sockaddr *)&at, &len) == 0);
	return ntohs(at.sin6_port);
}

TEST("a port is ours while a UDP socket of ours has it, in either family")
{
	for (int family = AF_INET; family; family = family == AF_INET ? AF_INET6 : 0) {
		int fd;
		const uint16_t port = bound(family, SOCK_DGRAM, &fd);
		EXPECT(socket_owner_is_us(port));
		close(fd);
		EXPECT(!socket_owner_is_us(port));
	}
}

TEST("a TCP socket's port is nobody's")
{
	int fd;
	const uint16_t port = bound(AF_INET, SOCK_STREAM, &fd);

	EXPECT(!socket_owner_is_us(port));
	close(fd);
}

static bool as(uid_t user, uint16_t port)
{
	int status;
	const pid_t child = fork();

	if (child == 0)
		_exit(setuid(user) || !socket_owner_is_us(port));
	waitpid(child, &status, 0);
	return status == 0;
}

TEST("root's ports are everybody's, another user's are not")
{
	int fd;

	if (getuid())
		return; /* only root can be somebody else */
	EXPECT(as(SOMEBODY, bound(AF_INET, SOCK_DGRAM, &fd)));
	close(fd);
	EXPECT(seteuid(SOMEBODY) == 0);
	const uint16_t port = bound(AF_INET, SOCK_DGRAM, &fd);
	EXPECT(seteuid(0) == 0);
	EXPECT(as(SOMEBODY, port));
	EXPECT(!as(SOMEBODY_ELSE, port));
	close(fd);
}

TEST("it is found among hundreds")
{
	int fds[300];
	uint16_t ports[300];
	int missing = 0;

	for (int i = 0; i < 300; i++)
		ports[i] = bound(AF_INET, SOCK_DGRAM, &fds[i]);
	for (int i = 0; i < 300; i += 20)
		missing += !socket_owner_is_us(ports[i]);
	EXPECT_INT(missing, 0);
	for (int i = 0; i < 300; i++)
		close(fds[i]);
}
