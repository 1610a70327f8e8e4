/* SPDX-License-Identifier: MIT */
/* calls: nanoseconds per call, on descriptors that no connect has touched; prints "NAME: N" for each, and for those that may be interposed
 * "NAME, more: N": what it takes longer than libc's own in the same process, a few hundred calls of each in turn; and "NAME, times: N". */
#include "socks.h"

#include <dlfcn.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/uio.h>

enum { N = 400, BATCHES = 101 };

static int pair[2], epoll, file, listener;
static int peers[N], accepted[N], arrived;
static const struct sockaddr_un self = {AF_UNIX, "/nowhere"};
static char bytes[8];

/* As the program finds them, and libc's own, whatever is preloaded. */
#define CALLS(call) \
	call(close) call(fcntl) call(setsockopt) call(getsockopt) call(sendto) call(recvfrom) call(sendmsg) call(accept) call(connect)
static struct functions {
#define POINTER(f) __typeof__(f) *f;
	CALLS(POINTER)
} found, libc, use;

static void find_functions(void)
{
	void *handle = dlopen("libc.so.6", RTLD_NOW);
	void *symbol;

#define FIND(f)                     \
	found.f = f;                \
	symbol = dlsym(handle, #f); \
	memcpy(&libc.f, &symbol, sizeof(symbol));
	CALLS(FIND)
	use = found;
}

/* clang-format off */
static void do_poll(void) { poll(&(struct pollfd){pair[0], POLLOUT, 0}, 1, 0); }
static void do_ppoll(void) { ppoll(&(struct pollfd){pair[0], POLLOUT, 0}, 1, &(struct timespec){0}, NULL); }
static void do_epoll_wait(void) { epoll_wait(epoll, &(struct epoll_event){0}, 1, 0); }

static void do_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(pair[0], &set);
	select(pair[0] + 1, NULL, &set, NULL, &(struct timeval){0});
}

static void do_pselect(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(pair[0], &set);
	pselect(pair[0] + 1, NULL, &set, NULL, &(struct timespec){0}, NULL);
}

static void must(ssize_t rc)
{
	if (rc < 0)
		die("call");
}

static void do_write(void) { must(write(file, bytes, 1)); }
static void do_read(void) { must(read(file, bytes, 1)); }
static void do_send(void) { must(send(pair[0], bytes, 1, 0) + recv(pair[1], bytes, 1, 0)); }
static void do_readv(void) { must(readv(file, &(struct iovec){bytes, 1}, 1)); }
/* Without a descriptor the kernel's part is short, and so less lost in noise. */
static void do_sendto(void) { __extension__ use.sendto(-1, bytes, 1, 0, NULL, 0); }
static void do_recvfrom(void) { __extension__ use.recvfrom(-1, bytes, 1, 0, NULL, NULL); }
static void do_sendto_unix(void)
{
	__extension__ use.sendto(-1, bytes, 1, 0, (const struct sockaddr *)&self, sizeof(self));
}
static void do_sendmsg(void)
{
	struct msghdr m = {.msg_iov = &(struct iovec){bytes, 1}, .msg_iovlen = 1};

	use.sendmsg(-1, &m, 0);
}
static void do_close(void) { use.close(-1); }
static void do_fcntl(void) { must(use.fcntl(pair[0], F_GETFL)); }
static void do_setsockopt(void) { must(use.setsockopt(pair[0], SOL_SOCKET, SO_PRIORITY, &(int){0}, sizeof(int))); }
static void do_getsockopt(void) { must(use.getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &(int){0}, &(socklen_t){sizeof(int)})); }

static void do_accept(void)
{
	must(accepted[arrived++] = __extension__ use.accept(listener, NULL, NULL));
}

static const struct {
	const char *name;
	void (*call)(void);
} calls[] = {
	{"poll", do_poll}, {"ppoll", do_ppoll}, {"select", do_select}, {"pselect", do_pselect}, {"epoll_wait", do_epoll_wait},
	{"read", do_read}, {"write", do_write}, {"readv", do_readv}, {"send+recv", do_send}, {"sendmsg", do_sendmsg},
	{"close", do_close}, {"fcntl", do_fcntl}, {"setsockopt", do_setsockopt}, {"getsockopt", do_getsockopt},
	{"sendto", do_sendto}, {"recvfrom", do_recvfrom}, {"sendto a unix address", do_sendto_unix},
	{"accept", do_accept},
};
/* clang-format on */

/* Let as many peers come to a socket on loopback as are accepted in a batch; libc's own connect() is nobody's hook. */
static void invite(void)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);

	arrived = 0;
	getsockname(listener, (struct sockaddr *)&at, &len);
	for (int i = 0; i < N; i++) {
		peers[i] = socket(AF_INET, SOCK_STREAM, 0);
		must(__extension__ libc.connect(peers[i], (struct sockaddr *)&at, len));
	}
}

static void part(void)
{
	for (int i = 0; i < N; i++) {
		libc.close(peers[i]);
		libc.close(accepted[i]);
	}
}

static double ns_per_call(void (*call)(void))
{
	if (call == do_accept)
		invite();
	const double start = now();
	for (int i = 0; i < N; i++)
		call();
	const double took = (now() - start) / N * 1e9;
	if (call == do_accept)
		part();
	return took;
}

static int ascending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(const char *name, void (*call)(void))
{
	double took[BATCHES], more[BATCHES], times[BATCHES];

	for (int i = 0; i < BATCHES; i++) {
		use = libc;
		const double before = ns_per_call(call);
		use = found;
		took[i] = ns_per_call(call);
		use = libc;
		const double own = (before + ns_per_call(call)) / 2;
		more[i] = took[i] - own;
		times[i] = took[i] / own;
	}
	qsort(took, BATCHES, sizeof(took[0]), ascending);
	qsort(more, BATCHES, sizeof(more[0]), ascending);
	qsort(times, BATCHES, sizeof(times[0]), ascending);
	printf("%s: %.2f\n%s, more: %.2f\n%s, times: %.4f\n", name, took[BATCHES / 2], name, more[BATCHES / 2], name, times[BATCHES / 2]);
}

int main(void)
{
	find_functions();
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	file = open("/dev/zero", O_RDWR);
	epoll = epoll_create1(0);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	must(bind(listener,
		  (const struct sockaddr *)&(struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
		  sizeof(struct sockaddr_in)));
	must(listen(listener, N));
	epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &(struct epoll_event){EPOLLOUT, {.fd = pair[0]}});
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		measure(calls[i].name, calls[i].call);
	return 0;
}
