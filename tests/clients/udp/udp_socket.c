/* SPDX-License-Identifier: MIT */
/* udp_socket: what a datagram socket promises besides sending and receiving: udp_socket PROMISE HOST PORT
 * Prints "ok", or what was wrong. */
#include "tests/clients/udp/promises.h"

#include <linux/udp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

static void put(const char *text)
{
	MUST(sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, to_len) == (ssize_t)strlen(text));
}

static void await(void)
{
	MUST(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 10000) == 1);
}

static void expect(const char *text)
{
	char bytes[256];
	struct sockaddr_storage from = {0};
	socklen_t len = sizeof(from);

	await();
	MUST(recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len) == (ssize_t)strlen(text));
	MUST(!memcmp(bytes, text, strlen(text)));
	MUST(len == to_len && !memcmp(&from, &to, len));
}

static void connect_it(void)
{
	MUST(connect(fd, (struct sockaddr *)&to, to_len) == 0);
}

static void peek(void)
{
	char bytes[8];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);

	put("0123456789");
	await();
	MUST(recv(fd, bytes, 4, MSG_PEEK) == 4 && !memcmp(bytes, "0123", 4));
	MUST(recvfrom(fd, bytes, 4, MSG_PEEK | MSG_TRUNC, (struct sockaddr *)&from, &len) == 10);
	MUST(!memcmp(&from, &to, to_len));
	expect("0123456789");
}

static void truncated(void)
{
	char bytes[8];
	struct iovec v[2] = {{bytes, 3}, {bytes + 3, 5}};
	struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};

	put("0123456789");
	await();
	MUST(recvmsg(fd, &m, 0) == 8 && m.msg_flags & MSG_TRUNC && !memcmp(bytes, "01234567", 8));
	put("0123456789");
	await();
	MUST(recvmsg(fd, &m, MSG_TRUNC) == 10 && m.msg_flags & MSG_TRUNC);
	put("0123456");
	await();
	MUST(recvmsg(fd, &m, MSG_TRUNC) == 7 && !(m.msg_flags & MSG_TRUNC));
	put("abc");
	await();
	MUST(recv(fd, NULL, 0, 0) == 0); /* the rest is gone */
	put("");
	await();
	MUST(recv(fd, bytes, 8, 0) == 0);
}

static void nowait(void)
{
	char bytes[8];

	put("silence");
	MUST(recv(fd, bytes, 8, MSG_DONTWAIT) == -1 && errno == EAGAIN);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_usec = 50000}, sizeof(struct timeval));
	const double begun = now();
	MUST(recv(fd, bytes, 8, 0) == -1 && errno == EAGAIN);
	MUST(now() - begun >= 0.045 && now() - begun < 5);
}

static void fionread(void)
{
	int n = -1;

	put("silence");
	MUST(ioctl(fd, FIONREAD, &n) == 0 && n == 0);
	put("0123456789");
	await();
	MUST(ioctl(fd, FIONREAD, &n) == 0 && n == 10);
	expect("0123456789");
}

static void unspec(void)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	connect_it();
	MUST(send(fd, "one", 3, 0) == 3);
	expect("one");
	MUST(getpeername(fd, (struct sockaddr *)&a, &len) == 0 && len == to_len && !memcmp(&a, &to, len));
	MUST(connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)) == 0);
	len = sizeof(a);
	MUST(getpeername(fd, (struct sockaddr *)&a, &len) == -1 && errno == ENOTCONN);
	MUST(send(fd, "two", 3, 0) == -1 && errno == EDESTADDRREQ);
	put("three");
	expect("three");
	connect_it();
	MUST(write(fd, "four", 4) == 4);
	expect("four");
}

static void again(void) /* connect to another peer without a disconnect in between */
{
	connect_it();
	MUST(send(fd, "one", 3, 0) == 3);
	expect("one");
	struct sockaddr_in *port = (struct sockaddr_in *)&to;
	port->sin_port = htons((uint16_t)(ntohs(port->sin_port) + 1));
	connect_it();
	MUST(send(fd, "two", 3, 0) == 3);
	expect("two");
}

static void pktinfo(void)
{
	char bytes[8], control[256];
	struct iovec v = {bytes, 8};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};

	setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &(int){1}, sizeof(int));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &(int){1}, sizeof(int));
	put("info");
	await();
	MUST(recvmsg(fd, &m, 0) == 4);
	int seen = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		seen |= c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO ? 1 : c->cmsg_type == SO_TIMESTAMP ? 2 : 0;
	MUST(seen == 3 && !(m.msg_flags & MSG_CTRUNC));
}

static void large(void)
{
	static char bytes[65507], answer[65507];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	MUST(sendto(fd, bytes, 65507, 0, (struct sockaddr *)&to, to_len) == -1 && errno == EMSGSIZE);
	MUST(sendto(fd, bytes, 60000, 0, (struct sockaddr *)&to, to_len) == 60000);
	await();
	MUST(recv(fd, answer, sizeof(answer), 0) == 60000 && !memcmp(bytes, answer, 60000));
}

static void offload(void)
{
	int value = 1;

	MUST(setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &value, sizeof(value)) == -1 && errno == ENOPROTOOPT);
	MUST(setsockopt(fd, IPPROTO_UDP, UDP_GRO, &value, sizeof(value)) == -1 && errno == ENOPROTOOPT);
}

static void more(void)
{
	put("zero");
	expect("zero");
	MUST(sendto(fd, "one ", 4, MSG_MORE, (struct sockaddr *)&to, to_len) == 4);
	MUST(sendto(fd, "two", 3, 0, (struct sockaddr *)&to, to_len) == 3);
	expect("one two");
}

static void forked(void)
{
	int status;

	put("before");
	expect("before");
	const pid_t child = fork();
	if (child == 0) {
		put("child");
		expect("child");
		exit(0);
	}
	MUST(waitpid(child, &status, 0) == child && status == 0);
	put("parent");
	expect("parent");
}

static void duplicated(void)
{
	put("one");
	expect("one");
	const int copy = dup(fd);
	close(fd);
	fd = copy;
	put("two");
	expect("two");
	connect_it();
	const int other = fcntl(fd, F_DUPFD, 50);
	MUST(send(other, "three", 5, 0) == 5);
	expect("three");
}

static void reused(void) /* the number is closed where no hook sees it, and becomes a pipe */
{
	int pair[2];
	char bytes[8];

	put("one");
	expect("one");
	FILE *f = fdopen(fd, "r");
	fclose(f);
	MUST(pipe(pair) == 0 && (pair[0] == fd || pair[1] == fd));
	MUST(write(pair[1], "pipe", 4) == 4);
	MUST(read(pair[0], bytes, 8) == 4 && !memcmp(bytes, "pipe", 4));
}

/* close(2) as an assembler says it, where no hook sees it. */
static void close_unseen(int number)
{
#if defined(__x86_64__)
	long rc = SYS_close;
	__asm__ volatile("syscall" : "+a"(rc) : "D"((long)number) : "rcx", "r11", "memory");
#else
	register long rc __asm__("x0") = number, call __asm__("x8") = SYS_close;
	__asm__ volatile("svc 0" : "+r"(rc) : "r"(call) : "memory");
#endif
	MUST(rc == 0);
}

static void replaced(void) /* the same, and it becomes a stream that connects */
{
	char byte;
	struct pollfd p = {.events = POLLOUT};

	put("one");
	expect("one");
	close_unseen(fd);
	p.fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	MUST(p.fd == fd);
	MUST(connect(fd, (struct sockaddr *)&to, to_len) == -1 && errno == EINPROGRESS);
	recv(fd, &byte, 1, 0);
	MUST(poll(&p, 1, 10000) == 1);
	MUST(recv(fd, &byte, 1, 0) <= 0 || byte);
	MUST(close(fd) == 0 && fcntl(fd, F_GETFD) == -1);
}

static volatile sig_atomic_t failure;

static void send_one(int number)
{
	(void)number;
	if (sendto(fd, "two", 3, 0, (struct sockaddr *)&to, to_len) != 3)
		failure = errno;
}

static void handler(void) /* it sends on the socket that its thread is sending on, and interrupts that everywhere */
{
	char bytes[8];

	signal(SIGALRM, send_one);
	for (int i = 0; i < 3000; i++) {
		setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 1 + i % 20}, NULL);
		put("one");
		recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	}
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	errno = failure;
	MUST(!failure);
}

static void first(void) /* nonblocking: the first datagrams wait for the association */
{
	char text[32];

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "number %d", i);
		put(text);
	}
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "number %d", i);
		expect(text);
	}
}

static void many(void) /* nothing is left of a socket that was closed */
{
	const char *often = getenv("MANY");
	const int sockets = often ? atoi(often) : 2000;
	bool open_before[5000];

	for (int i = 0; i < 5000; i++)
		open_before[i] = fcntl(i, F_GETFD) != -1;
	for (int i = 0; i < sockets; i++) {
		put("one");
		expect("one");
		close(fd);
		fd = socket(to.ss_family, SOCK_DGRAM, 0);
	}
	/* connections to proxies stay for two seconds after their last datagram, till the next */
	usleep(2100000);
	put("one");
	expect("one");
	int more = 0;
	for (int i = 0; i < 5000; i++)
		more += (fcntl(i, F_GETFD) != -1) && !open_before[i];
	MUST(more <= 1);
}

static void batch(void)
{
	char text[16][8], bytes[16][8];
	struct iovec v[16], w[16];
	struct mmsghdr out[16], in[16];
	unsigned got = 0;

	memset(out, 0, sizeof(out));
	memset(in, 0, sizeof(in));
	for (int i = 0; i < 16; i++) {
		v[i] = (struct iovec){text[i], (size_t)sprintf(text[i], "n%d", i)};
		w[i] = (struct iovec){bytes[i], 8};
		out[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = to_len, .msg_iov = &v[i], .msg_iovlen = 1};
		in[i].msg_hdr = (struct msghdr){.msg_iov = &w[i], .msg_iovlen = 1};
	}
	MUST(sendmmsg(fd, out, 16, 0) == 16);
	while (got < 16) {
		const int n = recvmmsg(fd, in + got, 16 - got, MSG_WAITFORONE, NULL);
		MUST(n > 0);
		got += (unsigned)n;
	}
	for (int i = 0; i < 16; i++)
		MUST(in[i].msg_len == v[i].iov_len && !memcmp(text[i], bytes[i], in[i].msg_len));
	MUST(recvmmsg(fd, in, 16, MSG_DONTWAIT, NULL) == -1 && errno == EAGAIN);
}

static void batch_peers(void) /* those before the one that cannot be sent */
{
	struct sockaddr_storage peers[6];
	struct iovec v[6];
	struct mmsghdr out[6];
	unsigned seen = 0;
	char text[6][8];

	memset(out, 0, sizeof(out));
	for (int i = 0; i < 6; i++) {
		peers[i] = to;
		((struct sockaddr_in *)&peers[i])->sin_port = htons((uint16_t)(1000 + i / 2));
		v[i] = (struct iovec){text[i], (size_t)sprintf(text[i], "n%d", i)};
		out[i].msg_hdr = (struct msghdr){.msg_name = &peers[i], .msg_namelen = to_len, .msg_iov = &v[i], .msg_iovlen = 1};
	}
	out[5].msg_hdr.msg_namelen = 3;
	MUST(sendmmsg(fd, out, 6, 0) == 5);
	for (int i = 0; i < 5; i++) {
		char bytes[8];
		struct sockaddr_in from;
		socklen_t len = sizeof(from);
		await();
		MUST(out[i].msg_len == 2 && recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len) == 2);
		const int n = bytes[1] - '0';
		MUST(n >= 0 && n < 5 && from.sin_port == htons((uint16_t)(1000 + n / 2)));
		seen |= 1u << n;
	}
	MUST(seen == 31);
	MUST(sendmmsg(fd, out + 5, 1, 0) == -1 && errno == EINVAL);
}

static void hostile(void) /* whatever the relay does: what comes in is what we sent, and from whom we sent it to; and something comes */
{
	char text[32], bytes[65536];

	for (int i = 0; i < 60; i++) {
		snprintf(text, sizeof(text), "round %d", i);
		const double begun = now();
		for (bool got = false; !got;) {
			struct sockaddr_storage from;
			socklen_t len = sizeof(from);
			int k;
			MUST(now() - begun < 10);
			const ssize_t sent = i % 2 ? sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, to_len)
						   : send(fd, text, strlen(text), 0);
			if (sent < 0) /* the relay is gone: the next one makes a new association */
				MUST(errno == ECONNREFUSED || errno == EDESTADDRREQ);
			if (sent < 0 && errno == EDESTADDRREQ)
				sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, to_len);
			while (!got && poll(&(struct pollfd){fd, POLLIN, 0}, 1, 30) == 1) {
				const ssize_t n = recvfrom(fd, bytes, sizeof(bytes) - 1, MSG_DONTWAIT, (struct sockaddr *)&from, &len);
				if (n < 0) {
					MUST(errno == EAGAIN || errno == ECONNREFUSED);
					continue;
				}
				bytes[n] = 0;
				MUST(sscanf(bytes, "round %d", &k) == 1 && k <= i && !strchr(bytes, '!'));
				MUST(len == to_len && !memcmp(&from, &to, len));
				got = k == i;
			}
		}
	}
}

static void hostile_connected(void)
{
	connect_it();
	hostile();
}

static void hostile_nonblocking(void)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	hostile();
}

static void second(void) /* an answer from another port of the same name; what is sent there goes the same way */
{
	char bytes[64];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);

	put("second");
	await();
	MUST(recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len) == 6);
	MUST(!strcmp(address_text(&from), "10.99.0.1:4444"));
	MUST(sendto(fd, "there", 5, 0, (struct sockaddr *)&from, len) == 5);
	await();
	MUST(recv(fd, bytes, sizeof(bytes), 0) == 5);
	/* connected, nobody but the peer is heard */
	connect_it();
	MUST(send(fd, "second", 6, 0) == 6);
	MUST(send(fd, "first", 5, 0) == 5);
	expect("first");
}

static void crowd(void) /* of peers, each of whom answers */
{
	struct sockaddr_in *const port = (struct sockaddr_in *)&to;

	for (int i = 0; i < 1500; i++) {
		port->sin_port = htons((uint16_t)(2000 + i));
		put("one");
		expect("one");
	}
	port->sin_port = htons(2000);
	put("again");
	expect("again");
}

static void ask_source(char answer[static 64])
{
	await();
	const ssize_t n = recv(fd, answer, 63, 0);
	MUST(n > 0);
	answer[n] = 0;
}

static void stays(void) /* the address from which it reaches one peer, another, and one that it connects to then */
{
	char first[64], other[64];

	put("source");
	ask_source(first);
	((struct sockaddr_in *)&to)->sin_port = htons((uint16_t)(ntohs(((struct sockaddr_in *)&to)->sin_port) + 1));
	put("source");
	ask_source(other);
	MUST(!strcmp(first, other));
	connect_it();
	MUST(send(fd, "source", 6, 0) == 6);
	ask_source(other);
	MUST(!strcmp(first, other));
}

static void woken(void) /* by a refusal, though no datagram may leave: to a group, or to whose address the socket has taken */
{
	static const char *const taken[] = {"224.0.0.251", "192.0.2.1", "127.0.0.1"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		const struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(5353), .sin_addr.s_addr = inet_addr(taken[i])};
		char bytes[8];
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
		MUST(setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &(int){1}, sizeof(int)) == 0);
		MUST(bind(fd, (const struct sockaddr *)&own, sizeof(own)) == 0);
		ssize_t sent = 0;
		while (sent >= 0 && poll(&(struct pollfd){fd, POLLIN, 0}, 1, 10) == 0)
			sent = sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, to_len);
		MUST((sent < 0 || recv(fd, bytes, sizeof(bytes), 0) < 0) && errno == ENETUNREACH);
	}
}

int main(int argc, char **argv)
{
	static const struct promise promises[] = {{"peek", peek},
						  {"truncated", truncated},
						  {"nowait", nowait},
						  {"fionread", fionread},
						  {"unspec", unspec},
						  {"again", again},
						  {"pktinfo", pktinfo},
						  {"large", large},
						  {"offload", offload},
						  {"more", more},
						  {"forked", forked},
						  {"duplicated", duplicated},
						  {"reused", reused},
						  {"replaced", replaced},
						  {"handler", handler},
						  {"first", first},
						  {"many", many},
						  {"batch", batch},
						  {"batch_peers", batch_peers},
						  {"hostile", hostile},
						  {"hostile_connected", hostile_connected},
						  {"hostile_nonblocking", hostile_nonblocking},
						  {"second", second},
						  {"crowd", crowd},
						  {"stays", stays},
						  {"woken", woken}};

	return KEEP(promises);
}
