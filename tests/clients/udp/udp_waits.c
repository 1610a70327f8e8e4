/* SPDX-License-Identifier: MIT */
/* udp_waits: what threads that wait on a datagram socket get, and what they leave behind: udp_waits PROMISE HOST PORT
 * Prints "ok", or what was wrong. */
#include "tests/clients/udp/promises.h"

#include <linux/errqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <sys/uio.h>

enum { OFTEN = 300, MANY = 20 };

static struct sockaddr_storage from;
static socklen_t from_len;
static char bytes[64];

static void put(void)
{
	MUST(sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, to_len) == 5);
}

static bool is_sleeping(pid_t thread)
{
	char path[64], state = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread);
	FILE *f = fopen(path, "r");
	if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	if (f)
		fclose(f);
	return state == 'S';
}

static ssize_t by_recvfrom(void)
{
	return recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
}

static ssize_t by_recvmsg(void)
{
	struct iovec v[] = {{bytes, 2}, {bytes + 2, 40}};
	struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = v, .msg_iovlen = 2};
	const ssize_t n = recvmsg(fd, &m, 0);

	from_len = m.msg_namelen;
	return n;
}

static ssize_t by_recv(void)
{
	return recv(fd, bytes, sizeof(bytes), 0);
}

static ssize_t by_read(void)
{
	return read(fd, bytes, sizeof(bytes));
}

static ssize_t by_readv(void)
{
	struct iovec v[] = {{bytes, 2}, {bytes + 2, 40}};

	return readv(fd, v, 2);
}

static ssize_t by_recvmmsg(void)
{
	struct iovec v[] = {{bytes, 2}, {bytes + 2, 40}};
	struct mmsghdr m = {.msg_hdr = {.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = v, .msg_iovlen = 2}};
	const int n = recvmmsg(fd, &m, 1, 0, NULL);

	from_len = m.msg_hdr.msg_namelen;
	return n == 1 ? (ssize_t)m.msg_len : -1;
}

static ssize_t (*waits)(void);
static atomic_int waiting;
static ssize_t got;

static void *wait_there(void *unused)
{
	waiting = gettid();
	got = waits();
	return unused;
}

static pthread_t start(void)
{
	pthread_t thread;

	waiting = 0;
	MUST(pthread_create(&thread, NULL, wait_there, NULL) == 0);
	while (!waiting || !is_sleeping(waiting))
		sched_yield();
	return thread;
}

static void blocked(void) /* before the socket first sends */
{
	static ssize_t (*const ways[])(void) = {by_recvfrom, by_recvmsg, by_recvmmsg, by_recv, by_read, by_readv};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		fd = socket(to.ss_family, SOCK_DGRAM, 0);
		waits = ways[i];
		from_len = sizeof(from);
		memset(bytes, 0, sizeof(bytes));
		const pthread_t thread = start();
		put();
		MUST(pthread_join(thread, NULL) == 0);
		MUST(got == 5 && memcmp(bytes, "hello", 5) == 0);
		MUST(i > 2 || (from_len == to_len && memcmp(&from, &to, to_len) == 0));
		close(fd);
	}
}

/* A new socket sends to this one, directly. */
static int strange(const char *what, size_t n)
{
	const int stranger = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, own;
	socklen_t len = sizeof(own);

	MUST(bind(stranger, (struct sockaddr *)&here, sizeof(here)) == 0);
	MUST(getsockname(fd, (struct sockaddr *)&own, &len) == 0);
	here.sin_port = own.sin_port;
	MUST(sendto(stranger, what, n, 0, (struct sockaddr *)&here, sizeof(here)) == (ssize_t)n);
	return stranger;
}

/* Two at once, the first of which may be a stranger's: that is none of the program's, once it sends through a chain. */
static ssize_t by_batch(void)
{
	struct iovec v[] = {{bytes, 32}, {bytes + 32, 32}};
	struct mmsghdr m[2] = {{.msg_hdr = {.msg_iov = &v[0], .msg_iovlen = 1}}, {.msg_hdr = {.msg_iov = &v[1], .msg_iovlen = 1}}};
	struct sockaddr_storage sources[2];

	for (int i = 0; i < 2; i++) {
		m[i].msg_hdr.msg_name = &sources[i];
		m[i].msg_hdr.msg_namelen = sizeof(sources[i]);
	}
	MUST(recvmmsg(fd, m, 2, 0, NULL) == 2);
	for (int i = 0; i < 2; i++)
		MUST(m[i].msg_len == 5 && m[i].msg_hdr.msg_namelen == to_len && memcmp(&sources[i], &to, to_len) == 0);
	return memcmp(bytes, "hello", 5) == 0 && memcmp(bytes + 32, "hello", 5) == 0;
}

static void batch(void)
{
	for (int strangers = 0; strangers < 2; strangers++) {
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		MUST(bind(fd, (struct sockaddr *)&(struct sockaddr_in){.sin_family = AF_INET}, sizeof(struct sockaddr_in)) == 0);
		waits = by_batch;
		const pthread_t thread = start();
		if (strangers)
			close(strange("nothing to you", 14));
		put();
		put();
		MUST(pthread_join(thread, NULL) == 0 && got == 1);
		close(fd);
	}
}

static void early(void) /* duplicates from before the socket first sends */
{
	const int copies[] = {dup(fd), dup2(fd, 100), fcntl(fd, F_DUPFD, 200), dup(100)};

	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
		put();
		from_len = sizeof(from);
		MUST(poll(&(struct pollfd){copies[i], POLLIN, 0}, 1, 10000) == 1);
		MUST(recvfrom(copies[i], bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len) == 5);
		MUST(from_len == to_len && memcmp(&from, &to, to_len) == 0);
	}
	close(fd);
	MUST(sendto(200, "hello", 5, 0, (struct sockaddr *)&to, to_len) == 5 && recv(100, bytes, sizeof(bytes), 0) == 5);
}

/* A child that sends whenever it reads a byte. */
static int start_child(void)
{
	int ends[2];
	char byte;

	MUST(pipe(ends) == 0);
	const pid_t child = fork();
	MUST(child >= 0);
	if (child > 0) {
		close(ends[0]);
		return ends[1];
	}
	close(ends[1]);
	while (read(ends[0], &byte, 1) == 1)
		put();
	_exit(0);
}

static void is_answer(ssize_t n)
{
	MUST(n == 5 && memcmp(bytes, "hello", 5) == 0);
	MUST(from_len == to_len && memcmp(&from, &to, to_len) == 0);
}

/* What looks like a relay's, but comes from another. */
static void is_left_alone(void)
{
	static const char theirs[] = "\0\0\0\1\1\2\3\4\5\6hello";
	const int stranger = strange(theirs, sizeof(theirs));
	struct sockaddr_in own, source;
	socklen_t len = sizeof(own), source_len = sizeof(source);

	MUST(getsockname(stranger, (struct sockaddr *)&own, &len) == 0);
	MUST(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 10000) == 1);
	MUST(recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&source, &source_len) == sizeof(theirs));
	MUST(memcmp(bytes, theirs, sizeof(theirs)) == 0);
	MUST(source.sin_port == own.sin_port && source.sin_addr.s_addr == own.sin_addr.s_addr);
	close(stranger);
}

/* A child sends first, while the parent waits in that way. */
static void sends_first(ssize_t (*way)(void))
{
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(bind(fd, (struct sockaddr *)&(struct sockaddr_in){.sin_family = AF_INET}, sizeof(struct sockaddr_in)) == 0);
	const int child = start_child();
	waits = way;
	const pthread_t thread = start();
	MUST(write(child, "", 1) == 1);
	MUST(pthread_join(thread, NULL) == 0 && got == 5 && memcmp(bytes, "hello", 5) == 0);
	MUST(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) == -1 && errno == EAGAIN);
	is_left_alone();
	for (int i = 0; i < 2; i++) {
		MUST(write(child, "", 1) == 1);
		from_len = sizeof(from);
		MUST(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 10000) == 1);
		is_answer(recvfrom(fd, bytes, 5, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len)); /* no room for more */
		from_len = sizeof(from);
		put(); /* by a relay of its own */
		is_answer(by_recvfrom());
	}
	close(child);
	close(fd);
}

static void relative(void)
{
	sends_first(by_recvmsg);
	sends_first(by_read);
}

static void quoted(void) /* nobody is at the relay: the datagram comes back */
{
	char control[256];
	struct iovec v = {bytes, sizeof(bytes)};
	struct msghdr m = {.msg_name = &from,
			   .msg_namelen = sizeof(from),
			   .msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = control,
			   .msg_controllen = sizeof(control)};

	MUST(setsockopt(fd, IPPROTO_IP, IP_RECVERR, &(int){1}, sizeof(int)) == 0);
	put();
	MUST(poll(&(struct pollfd){fd, 0, 0}, 1, 10000) == 1);
	MUST(recvmsg(fd, &m, MSG_ERRQUEUE) == 5 && memcmp(bytes, "hello", 5) == 0);
	MUST(m.msg_namelen == to_len && memcmp(&from, &to, to_len) == 0 && m.msg_flags & MSG_ERRQUEUE);
	const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	MUST(c && c->cmsg_type == IP_RECVERR && ((const struct sock_extended_err *)CMSG_DATA(c))->ee_errno == ECONNREFUSED);
	MUST(recvmsg(fd, &m, MSG_ERRQUEUE) == -1 && errno == EAGAIN);
}

static size_t pages(void)
{
	size_t n = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	MUST(f && fscanf(f, "%zu", &n) == 1);
	fclose(f);
	return n;
}

static ssize_t by_many(void)
{
	struct iovec v[MANY];
	struct msghdr m = {.msg_iov = v, .msg_iovlen = MANY};

	for (int i = 0; i < MANY; i++)
		v[i] = (struct iovec){bytes, 1};
	return recvmsg(fd, &m, 0);
}

static ssize_t sends_many(void)
{
	struct iovec v[MANY];
	struct msghdr m = {.msg_name = &to, .msg_namelen = to_len, .msg_iov = v, .msg_iovlen = MANY};

	for (int i = 0; i < MANY; i++)
		v[i] = (struct iovec){bytes, 1};
	pthread_cancel(pthread_self());
	return sendmsg(fd, &m, 0);
}

static sigjmp_buf back;

static void jump(int number)
{
	siglongjmp(back, number);
}

static ssize_t by_jumping(void)
{
	if (sigsetjmp(back, 1) == 0)
		return by_recv();
	sleep(1000);
	return 0;
}

static void leave(bool jumps)
{
	fd = socket(to.ss_family, SOCK_DGRAM, 0);
	put();
	MUST(by_recv() == 5);
	if (waits == sends_many) {
		pthread_t thread;
		MUST(pthread_create(&thread, NULL, wait_there, NULL) == 0 && pthread_join(thread, NULL) == 0);
		close(fd);
		return;
	}
	const pthread_t thread = start();
	if (jumps)
		pthread_kill(thread, SIGUSR1);
	pthread_cancel(thread);
	MUST(pthread_join(thread, NULL) == 0);
	close(fd);
}

static void leaves_nothing(ssize_t (*way)(void))
{
	size_t before = 0;

	waits = way;
	for (int i = 0; i < OFTEN; i++) {
		if (i == OFTEN / 3)
			before = pages();
		leave(way == by_jumping);
	}
	MUST(pages() < before + OFTEN / 3 * 2);
}

static void cancelled(void)
{
	signal(SIGUSR1, jump);
	leaves_nothing(by_recv);
	leaves_nothing(by_many);
	leaves_nothing(sends_many);
	leaves_nothing(by_jumping);
}

int main(int argc, char **argv)
{
	static const struct promise promises[] = {{"blocked", blocked},   {"batch", batch},   {"early", early},
						  {"relative", relative}, {"quoted", quoted}, {"cancelled", cancelled}};

	return KEEP(promises);
}
