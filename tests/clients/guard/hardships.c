/* SPDX-License-Identifier: MIT */
/* hardships: what may befall a supervisor: hardships struck PROXY-PORT HOST PORT: connect, waiting and not, and kill the supervisor once a
 * connection to that port stands | crowd N HOST PORT: N processes at once connect, and check the echo
 * | crammed HOST PORT: connect, not waiting, until the program or its supervisor has no descriptor left, then ask the first socket for its peer. */
#include "tests/clients/guard/supervisor.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

static struct sockaddr_storage to;
static socklen_t to_len;

/* True if this network has a connection to that port that stands. */
static bool is_dialled(unsigned port)
{
	FILE *const all = fopen("/proc/net/tcp", "r");
	char line[256];
	bool found = false;

	while (all && !found && fgets(line, sizeof(line), all)) {
		unsigned peer, state;
		found = sscanf(line, "%*d: %*x:%*x %*x:%x %x", &peer, &state) == 2 && peer == port && state == 1;
	}
	if (all)
		fclose(all);
	return found;
}

static void strike(unsigned port)
{
	const pid_t pid = supervisor();

	if (fork())
		return;
	while (!is_dialled(port))
		usleep(1000);
	_exit(!pid || kill(pid, SIGKILL));
}

static int struck(char **argv)
{
	const int waits = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd p = {.fd = other, .events = POLLOUT};
	int error = 0;

	to_len = resolve(argv[3], argv[4], AF_INET, &to);
	say("nonblocking", connect(other, (struct sockaddr *)&to, to_len));
	strike((unsigned)atoi(argv[2]));
	say("connect", connect(waits, (struct sockaddr *)&to, to_len));
	printf("poll: %d\n", poll(&p, 1, 20000));
	say("SO_ERROR", getsockopt(other, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof(error)}));
	printf("write: %s\n", send(other, "x", 1, MSG_NOSIGNAL) < 0 ? error_name(errno) : "ok");
	say("again", connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, to_len));
	return 0;
}

static int connect_once(int number)
{
	char sent[32], got[32];
	const int fd = socket(AF_INET, SOCK_STREAM, 0), n = snprintf(sent, sizeof(sent), "process %d", number);

	return connect(fd, (struct sockaddr *)&to, to_len) == 0 && send(fd, sent, (size_t)n, MSG_NOSIGNAL) == n &&
	       recv(fd, got, sizeof(got), 0) == n && !memcmp(sent, got, (size_t)n);
}

static int crowd(char **argv)
{
	int good = 0, status, gate[2];

	to_len = resolve(argv[3], argv[4], AF_INET, &to);
	if (pipe(gate))
		die("pipe");
	for (int i = 0; i < atoi(argv[2]); i++)
		if (fork() == 0) {
			close(gate[1]);
			_exit(read(gate[0], &status, 1) != 0 || !connect_once(i)); /* once all are there */
		}
	close(gate[1]);
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	printf("good: %d\n", good);
	return 0;
}

/* Returns why there is no connection, or 0 once it stands. */
static int connect_at_last(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int error = 0;

	if (fd < 0)
		return errno;
	if (connect(fd, (struct sockaddr *)&to, to_len) && errno != EINPROGRESS)
		return errno;
	if (poll(&p, 1, 20000) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof(error)}))
		return errno ? errno : ETIMEDOUT;
	return error;
}

static int crammed(char **argv)
{
	const int first = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_storage peer = {0};
	int failure;

	to_len = resolve(argv[2], argv[3], AF_INET, &to);
	failure = connect_at_last(first);
	while (!failure)
		failure = connect_at_last(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	printf("connect: %s\n", error_name(failure));
	say("getpeername", getpeername(first, (struct sockaddr *)&peer, &(socklen_t){sizeof(peer)}));
	printf("peer: %s\n", address_text(&peer));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "struck"))
		return struck(argv);
	if (argc == 5 && !strcmp(argv[1], "crowd"))
		return crowd(argv);
	if (argc == 4 && !strcmp(argv[1], "crammed"))
		return crammed(argv);
	die("hardships struck|crowd|crammed ...");
}
