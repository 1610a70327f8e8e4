/* SPDX-License-Identifier: MIT */
/* guarded: what a command under a supervisor may do besides connecting: guarded exit STATUS | kill SIGNAL
 * | daemon HOST PORT GO DONE: leave a process behind that, once the file GO is there, connects, and writes how that went to DONE
 * | orphan HOST PORT: kill the supervisor, then connect | apart HOST PORT: connect in a network namespace of its own
 * | paused HOST PORT: connect while the supervisor is stopped, and let it go on then | interrupted HOST PORT: the same, but a signal has ended the call
 * before | unrelayed HOST PORT: send datagrams until that is refused | elsewhere HOST PORT: send them to others than
 * the peer, and large ones | secretive HOST PORT: connect as a process that nobody may look into. */
#include "tests/clients/guard/supervisor.h"

#include <dirent.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/time.h>

static const char *connect_once(const char *host, const char *port)
{
	struct sockaddr_storage to;
	const socklen_t len = resolve(host, port, AF_INET, &to);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	return connect(fd, (struct sockaddr *)&to, len) ? error_name(errno) : "ok";
}

static int leave_daemon(char **argv)
{
	puts("parent");
	fflush(stdout);
	if (fork())
		return 0;
	setsid();
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	while (access(argv[4], F_OK))
		usleep(10000);
	char line[64], temporary[4096];
	snprintf(temporary, sizeof(temporary), "%s.part", argv[5]);
	FILE *const done = fopen(temporary, "w");
	snprintf(line, sizeof(line), "connect: %s", connect_once(argv[2], argv[3]));
	fputs(line, done);
	fclose(done);
	return rename(temporary, argv[5]);
}

static int orphan(char **argv)
{
	const pid_t pid = supervisor();

	if (!pid || kill(pid, SIGKILL))
		die("no supervisor");
	while (kill(pid, 0) == 0)
		usleep(1000);
	printf("connect: %s\n", connect_once(argv[2], argv[3]));
	return 0;
}

/* True if all of its threads have stopped. */
static bool is_stopped(pid_t pid)
{
	char path[64];
	bool stopped = true;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *const all = opendir(path);
	for (struct dirent *e; all && (e = readdir(all));) {
		char stat[400], state = 'T';
		snprintf(stat, sizeof(stat), "%s/%s/stat", path, e->d_name);
		FILE *const f = e->d_name[0] == '.' ? NULL : fopen(stat, "r");
		if (f && fscanf(f, "%*d (%*[^)]) %c", &state) == 1)
			stopped = stopped && state == 'T';
		if (f)
			fclose(f);
	}
	closedir(all);
	return stopped;
}

static pid_t stop_supervisor(void)
{
	const pid_t pid = supervisor();

	if (!pid || kill(pid, SIGSTOP))
		die("no supervisor");
	while (!is_stopped(pid))
		usleep(1000);
	return pid;
}

static int paused(char **argv)
{
	const pid_t pid = stop_supervisor();

	if (!fork()) {
		usleep(100000);
		_exit(kill(pid, SIGCONT));
	}
	printf("connect: %s\n", connect_once(argv[2], argv[3]));
	return 0;
}

static void on_alarm(int number)
{
	(void)number;
}

/* A connect(2) that a signal has ended goes on by itself: SO_ERROR tells how that went, once the socket is writable. */
static int interrupted(char **argv)
{
	const pid_t pid = stop_supervisor();
	const struct sigaction action = {.sa_handler = on_alarm};
	const struct itimerval soon = {{0, 200000}, {0, 200000}}, never = {{0, 0}, {0, 0}};
	struct sockaddr_storage to;
	const socklen_t len = resolve(argv[2], argv[3], AF_INET, &to);
	struct pollfd p = {.fd = socket(AF_INET, SOCK_STREAM, 0), .events = POLLOUT};
	int error = 0;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	printf("connect: %s\n", connect(p.fd, (struct sockaddr *)&to, len) ? error_name(errno) : "ok");
	setitimer(ITIMER_REAL, &never, NULL);
	kill(pid, SIGCONT);
	printf("poll: %d\n", poll(&p, 1, 20000));
	getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof(error)});
	printf("SO_ERROR: %s\n", error ? error_name(error) : "0");
	printf("again: %s\n", connect(p.fd, (struct sockaddr *)&to, len) ? error_name(errno) : "ok");
	error = 0;
	getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof(error)});
	printf("SO_ERROR: %s\n", error ? error_name(error) : "0");
	return 0;
}

/* Send by UDP until that is refused. */
static int unrelayed(char **argv)
{
	struct sockaddr_storage to;
	const socklen_t len = resolve(argv[2], argv[3], AF_INET, &to);
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (connect(fd, (struct sockaddr *)&to, len))
		die("connect");
	for (int i = 0; i < 4000 && send(fd, "x", 1, 0) == 1; i++)
		usleep(5000);
	printf("send: %s\n", error_name(errno));
	return 0;
}

static void hear(int fd, const char *sent)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char bytes[16];

	send(fd, sent, strlen(sent), 0);
	const ssize_t n = recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len);
	printf("%.*s from %s\n", (int)n, bytes, address_text(&from));
}

/* Send to another than the peer, and as much as goes. */
static int elsewhere(char **argv)
{
	static char bytes[65507];
	struct sockaddr_storage to;
	const socklen_t len = resolve(argv[2], argv[3], AF_INET, &to);
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 20}, sizeof(struct timeval));
	connect(fd, (struct sockaddr *)&to, len);
	hear(fd, "one");
	((struct sockaddr_in *)&to)->sin_port = htons(8);
	say("sendto", (int)sendto(fd, "other", 5, 0, (struct sockaddr *)&to, len));
	hear(fd, "two");
	say("65400 bytes", (int)send(fd, bytes, 65400, 0));
	say("65000 bytes", (int)send(fd, bytes, 65000, 0));
	return 0;
}

static int apart(char **argv)
{
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		die("unshare");
	printf("connect: %s\n", connect_once(argv[2], argv[3]));
	return 0;
}

static int secretive(char **argv)
{
	prctl(PR_SET_DUMPABLE, 0);
	printf("connect: %s\n", connect_once(argv[2], argv[3]));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "exit"))
		return atoi(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "kill"))
		return kill(getpid(), atoi(argv[2]));
	if (argc == 6 && !strcmp(argv[1], "daemon"))
		return leave_daemon(argv);
	if (argc == 4 && !strcmp(argv[1], "orphan"))
		return orphan(argv);
	if (argc == 4 && !strcmp(argv[1], "paused"))
		return paused(argv);
	if (argc == 4 && !strcmp(argv[1], "interrupted"))
		return interrupted(argv);
	if (argc == 4 && !strcmp(argv[1], "unrelayed"))
		return unrelayed(argv);
	if (argc == 4 && !strcmp(argv[1], "elsewhere"))
		return elsewhere(argv);
	if (argc == 4 && !strcmp(argv[1], "apart"))
		return apart(argv);
	if (argc == 4 && !strcmp(argv[1], "secretive"))
		return secretive(argv);
	die("guarded exit|kill|daemon|orphan ...");
}
