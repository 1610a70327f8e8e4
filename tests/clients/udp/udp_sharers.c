/* SPDX-License-Identifier: MIT */
/* udp_sharers: what one sends on a datagram socket is answered to another: udp_sharers thread|child|passed CALL... HOST PORT
 * For each of these calls it prints whether that has heard the answer. */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum { PATIENCE_S = 20 };

static struct sockaddr_storage to;
static socklen_t to_len;
static int fd;
static char bytes[64];
static struct iovec part = {bytes, sizeof(bytes)};
static struct sockaddr_storage from;
static socklen_t from_len = sizeof(from);
static atomic_int receiver; /* its thread */

static long by_recvfrom(void)
{
	return recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
}

static long by_recvmsg(void)
{
	struct msghdr m = {.msg_name = &from, .msg_namelen = from_len, .msg_iov = &part, .msg_iovlen = 1};

	return recvmsg(fd, &m, 0);
}

static long by_recvmmsg(void)
{
	struct mmsghdr m = {.msg_hdr = {.msg_name = &from, .msg_namelen = from_len, .msg_iov = &part, .msg_iovlen = 1}};

	return recvmmsg(fd, &m, 1, 0, NULL) == 1 ? (long)m.msg_len : -1;
}

static long by_read(void)
{
	from = to;
	return read(fd, bytes, sizeof(bytes));
}

static long by_readv(void)
{
	from = to;
	return readv(fd, &part, 1);
}

static long by_poll(void)
{
	return poll(&(struct pollfd){fd, POLLIN, 0}, 1, PATIENCE_S * 1000) == 1 ? by_recvfrom() : -1;
}

static long by_ppoll(void)
{
	return ppoll(&(struct pollfd){fd, POLLIN, 0}, 1, &(struct timespec){PATIENCE_S, 0}, NULL) == 1 ? by_recvfrom() : -1;
}

static long by_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return select(fd + 1, &set, NULL, NULL, &(struct timeval){PATIENCE_S, 0}) == 1 ? by_recvfrom() : -1;
}

static long by_pselect(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return pselect(fd + 1, &set, NULL, NULL, NULL, NULL) == 1 ? by_recvfrom() : -1;
}

static long by_epoll(void)
{
	const int set = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN};

	epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
	return epoll_wait(set, &event, 1, PATIENCE_S * 1000) == 1 ? by_recvfrom() : -1;
}

static long patiently(void)
{
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){PATIENCE_S, 0}, sizeof(struct timeval));
	return by_recvfrom();
}

static const struct way {
	const char *call;
	long (*receive)(void);
} ways[] = {{"recvfrom", by_recvfrom}, {"recvmsg", by_recvmsg}, {"recvmmsg", by_recvmmsg}, {"read", by_read},
	    {"readv", by_readv},       {"poll", by_poll},       {"ppoll", by_ppoll},       {"select", by_select},
	    {"pselect", by_pselect},   {"patient", patiently},  {"epoll", by_epoll}};

static const struct way *way_of(const char *call)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (strcmp(ways[i].call, call) == 0)
			return &ways[i];
	die("CALL");
	return NULL;
}

/* Nothing tells that a thread waits in a call, but what /proc says of it. */
static void await_asleep(pid_t tid)
{
	char path[64], call[32];

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)tid);
	for (bool asleep = false; !asleep; usleep(1000)) {
		FILE *const f = fopen(path, "r");
		asleep = f && fgets(call, sizeof(call), f) && strncmp(call, "running", 7) != 0;
		if (f)
			fclose(f);
	}
}

/* Returns 0, or an errno of what was wrong. */
static int hear(const struct way *way)
{
	const long n = way->receive();

	return n < 0 ? errno : n != 5 || memcmp(bytes, "hello", 5) ? EBADMSG : memcmp(&from, &to, to_len) ? EREMOTE : 0;
}

static void put(void)
{
	if (sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, to_len) != 5)
		die("sendto");
}

static atomic_int receiver; /* its thread */

static void *run(void *way)
{
	receiver = (int)syscall(SYS_gettid);
	return (void *)(uintptr_t)hear(way);
}

static int thread(const struct way *way)
{
	pthread_t t;
	void *rc;

	receiver = 0;
	pthread_create(&t, NULL, run, (void *)way);
	while (!receiver)
		usleep(1000);
	await_asleep(receiver);
	put();
	pthread_join(t, &rc);
	return (int)(uintptr_t)rc;
}

static int child(const struct way *way)
{
	int status;
	const pid_t pid = fork();

	if (pid == 0) {
		alarm(PATIENCE_S);
		_exit(hear(way));
	}
	await_asleep(pid);
	put();
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

int main(int argc, char **argv)
{
	if (argc < 5)
		die("udp_sharers thread|child CALL... HOST PORT");
	to_len = resolve(argv[argc - 2], argv[argc - 1], AF_UNSPEC, &to);
	for (int i = 2; i < argc - 2; i++) {
		alarm(PATIENCE_S);
		fd = socket(to.ss_family, SOCK_DGRAM, 0);
		const int rc = (argv[1][0] == 't' ? thread : child)(way_of(argv[i]));
		printf("%s: %s\n", argv[i], rc ? error_name(rc) : "ok");
		fflush(stdout);
		close(fd);
	}
	return 0;
}
