/* SPDX-License-Identifier: MIT */
/* bad_pointers: bad_pointers [ADDR:TCP-PORT ADDR:UDP-PORT]: make calls with memory that is not there, with sockets of each kind whose
 * other end is there (a server that echoes datagrams) or, without arguments, in this process. Prints what each call returns. */
#include "tests/lib/common.h"

#include <limits.h>
#include <poll.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

extern char **environ;

static int fresh_tcp, tcp, fresh_udp, udp, unix_socket, set; /* `tcp` and `udp` are connected, to: */
static struct sockaddr_storage stream, datagram;
static socklen_t stream_len, datagram_len;
static int sink = -1; /* the other end of `udp`, if it is here */

static struct {
	const char *name;
	void *at;
} kinds[4] = {{"nothing", (void *)8}, {"no access", NULL}, {"half", NULL}, {"read-only", NULL}};

static void *bad; /* of the present kind */
static const char *kind;

/* True in a child, which makes the call; the parent reports if it dies. */
static bool attempt(const char *what)
{
	int status;
	const pid_t child = fork();

	if (child == 0) {
		printf("%s, %s: ", what, kind);
		errno = 0;
		return true;
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		printf("%s, %s: signal %d\n", what, kind, WTERMSIG(status));
	fflush(stdout);
	return false;
}

static void answer(long rc)
{
	printf("%ld %s\n", rc, rc < 0 ? error_name(errno) : "");
	fflush(stdout);
	_exit(0);
}

#define TRY(what, call)               \
	do {                          \
		if (attempt(what))    \
			answer(call); \
	} while (0)

/* Let one datagram wait on `udp`. */
static void fill(void)
{
	char bytes[64];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);

	while (recv(udp, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0)
		;
	if (send(udp, "abcdefgh", 8, 0) != 8)
		die("send");
	if (sink >= 0)
		sendto(sink, bytes, (size_t)recvfrom(sink, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len), 0,
		       (struct sockaddr *)&from, len);
	if (poll(&(struct pollfd){.fd = udp, .events = POLLIN}, 1, 5000) != 1)
		die("no echo");
}

static void listen_here(void)
{
	const struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int listener = socket(AF_INET, SOCK_STREAM, 0);

	stream_len = datagram_len = sizeof(any);
	sink = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(listener, (const struct sockaddr *)&any, sizeof(any)) || listen(listener, 9) ||
	    bind(sink, (const struct sockaddr *)&any, sizeof(any)) || getsockname(listener, (struct sockaddr *)&stream, &stream_len) ||
	    getsockname(sink, (struct sockaddr *)&datagram, &datagram_len))
		die("listen");
}

static void make_sockets(void)
{
	int pair[2];

	fresh_tcp = socket(AF_INET, SOCK_STREAM, 0);
	tcp = socket(AF_INET, SOCK_STREAM, 0);
	fresh_udp = socket(AF_INET, SOCK_DGRAM, 0);
	udp = socket(AF_INET, SOCK_DGRAM, 0);
	set = epoll_create1(0);
	if (connect(tcp, (struct sockaddr *)&stream, stream_len) || connect(udp, (struct sockaddr *)&datagram, datagram_len) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		die("connect");
	unix_socket = pair[0];
	fill();
}

static void make_memory(void)
{
	char *at = mmap(NULL, (size_t)4 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(at, 4096, PROT_READ | PROT_WRITE);
	mprotect(at + (size_t)3 * 4096, 4096, PROT_READ);
	kinds[1].at = at + 4096;
	kinds[2].at = at + 4096 - 1;
	kinds[3].at = at + (size_t)3 * 4096;
}

static void addresses(void)
{
	TRY("connect", connect(fresh_tcp, bad, 16));
	TRY("connect a datagram socket", connect(fresh_udp, bad, 16));
	TRY("connect by number", syscall(SYS_connect, fresh_tcp, bad, 16));
	TRY("connect no socket", connect(set, bad, 16));
	TRY("connect nothing", connect(-1, bad, 16));
	TRY("connect, nothing of it", connect(fresh_tcp, bad, 0));
	TRY("connect, too much of it", connect(fresh_tcp, bad, 200));
	TRY("connect, far too much of it", connect(fresh_tcp, bad, (socklen_t)-1));
	TRY("bind", bind(fresh_tcp, bad, 16));
	TRY("bind, too much of it", bind(fresh_tcp, bad, 200));
	TRY("sendto", sendto(fresh_udp, "x", 1, 0, bad, 16));
	TRY("sendto on a connected socket", sendto(udp, "x", 1, 0, bad, 16));
	TRY("sendto on a stream", sendto(fresh_tcp, "x", 1, MSG_NOSIGNAL, bad, 16));
	TRY("sendto that connects", sendto(fresh_tcp, "x", 1, MSG_FASTOPEN, bad, 16));
	TRY("sendto, too much of it", sendto(fresh_udp, "x", 1, 0, bad, 200));
	TRY("sendto nothing", sendto(-1, "x", 1, 0, bad, 16));
}

/* sendmsg() on each kind of socket. */
static void send_each(const char *what, const struct msghdr *m)
{
	char whole[99];

	snprintf(whole, sizeof(whole), "sendmsg, %s, fresh", what);
	TRY(whole, sendmsg(fresh_udp, m, 0));
	snprintf(whole, sizeof(whole), "sendmsg, %s, connected", what);
	TRY(whole, sendmsg(udp, m, 0));
	snprintf(whole, sizeof(whole), "sendmsg, %s, stream", what);
	TRY(whole, sendmsg(tcp, m, MSG_NOSIGNAL));
	snprintf(whole, sizeof(whole), "sendmsg, %s, unix", what);
	TRY(whole, sendmsg(unix_socket, m, MSG_NOSIGNAL));
}

static void messages(void)
{
	struct iovec good = {"x", 1}, base = {bad, 8}, long_one = {"x", (size_t)-1};
	struct msghdr m = {.msg_iov = &good, .msg_iovlen = 1}, sane = m;
	struct mmsghdr many[2] = {{.msg_hdr = m}, {.msg_hdr = {.msg_name = bad, .msg_namelen = 16, .msg_iov = &good, .msg_iovlen = 1}}};

	send_each("message", bad);
	m.msg_name = bad;
	m.msg_namelen = 16;
	send_each("name", &m);
	m.msg_namelen = 200;
	send_each("long name", &m);
	m.msg_namelen = (socklen_t)-1;
	send_each("negative name", &m);
	m = sane;
	m.msg_control = bad;
	m.msg_controllen = 64;
	send_each("control data", &m);
	m.msg_controllen = 1 << 30;
	send_each("much control data", &m);
	m = sane;
	m.msg_iov = bad;
	m.msg_iovlen = 2;
	send_each("buffers", &m);
	m.msg_iov = &good;
	m.msg_iovlen = (size_t)-1;
	send_each("too many buffers", &m);
	m.msg_iov = &base;
	m.msg_iovlen = 1;
	send_each("bytes", &m);
	m.msg_iov = &long_one;
	send_each("too many bytes", &m);
	TRY("sendmmsg", sendmmsg(udp, bad, 2, 0));
	TRY("sendmmsg, fresh", sendmmsg(fresh_udp, bad, 2, 0));
	TRY("sendmmsg, the second name", sendmmsg(udp, many, 2, 0));
	TRY("sendmmsg that connects", sendmmsg(fresh_tcp, bad, 1, MSG_FASTOPEN));
	TRY("sendmmsg nothing", sendmmsg(-1, bad, 2, 0));
	TRY("send", send(udp, bad, 8, 0));
	TRY("write", write(udp, bad, 8));
	TRY("writev", writev(udp, bad, 2));
	TRY("writev, bytes", writev(udp, &base, 1));
}

/* Control data that claims to be a gigabyte long. */
static void claims(void)
{
	_Alignas(struct cmsghdr) char control[64] = "";
	struct cmsghdr *c = (void *)control;
	struct iovec good = {"x", 1};
	const struct msghdr m = {.msg_iov = &good, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};

	c->cmsg_len = 1 << 30;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	send_each("huge control data", &m);
	c->cmsg_len = 1;
	send_each("tiny control data", &m);
	c->cmsg_len = (size_t)-1;
	send_each("negative control data", &m);
}

static void inputs(void)
{
	char *argv[] = {"true", NULL}, *env[] = {"A=b", bad, NULL};

	TRY("setsockopt", setsockopt(fresh_tcp, SOL_SOCKET, SO_RCVLOWAT, bad, 4));
	TRY("setsockopt, datagrams", setsockopt(udp, SOL_SOCKET, SO_RCVLOWAT, bad, 4));
	TRY("epoll_ctl", epoll_ctl(set, EPOLL_CTL_ADD, udp, bad));
	TRY("epoll_ctl nothing", epoll_ctl(set, EPOLL_CTL_ADD, -1, bad));
	TRY("epoll_ctl no event", epoll_ctl(set, EPOLL_CTL_ADD, tcp, NULL));
	TRY("FIONBIO", ioctl(udp, FIONBIO, bad));
	TRY("FIONBIO, stream", ioctl(tcp, FIONBIO, bad));
	TRY("execve", execve(bad, argv, environ));
	TRY("execve, arguments", execve("/bin/true", bad, environ));
	TRY("execve, environment", execve("/bin/true", argv, bad));
	TRY("execve, a variable", execve("/bin/true", argv, env));
	TRY("execve, no such file", execve("/nonexistent", argv, bad));
	TRY("execveat", execveat(AT_FDCWD, bad, argv, environ, 0));
	TRY("posix_spawn", posix_spawn(NULL, bad, NULL, NULL, argv, environ));
	TRY("posix_spawn, environment", posix_spawn(NULL, "/bin/true", NULL, NULL, argv, bad));
}

#define RECEIVE(what, call)      \
	do {                     \
		fill();          \
		TRY(what, call); \
	} while (0)

static void outputs(void)
{
	char bytes[16], name[16], control[64];
	struct iovec good = {bytes, sizeof(bytes)}, base = {bad, 8};
	struct msghdr m = {.msg_iov = &good, .msg_iovlen = 1};
	struct mmsghdr many[2] = {{.msg_hdr = m}, {.msg_hdr = m}};
	socklen_t len = sizeof(name);

	RECEIVE("recvmsg", recvmsg(udp, bad, MSG_DONTWAIT));
	m.msg_name = bad;
	m.msg_namelen = 16;
	RECEIVE("recvmsg, name", recvmsg(udp, &m, MSG_DONTWAIT));
	m.msg_name = name;
	m.msg_namelen = (socklen_t)-1;
	RECEIVE("recvmsg, negative name", recvmsg(udp, &m, MSG_DONTWAIT));
	m = (struct msghdr){.msg_iov = bad, .msg_iovlen = 2};
	RECEIVE("recvmsg, buffers", recvmsg(udp, &m, MSG_DONTWAIT));
	m.msg_iov = &good;
	m.msg_iovlen = (size_t)-1;
	RECEIVE("recvmsg, too many buffers", recvmsg(udp, &m, MSG_DONTWAIT));
	m.msg_iov = &base;
	m.msg_iovlen = 1;
	RECEIVE("recvmsg, bytes", recvmsg(udp, &m, MSG_DONTWAIT));
	m = (struct msghdr){.msg_iov = &good, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	RECEIVE("recvmsg, fine", recvmsg(udp, &m, MSG_DONTWAIT));
	RECEIVE("recvmmsg", recvmmsg(udp, bad, 2, MSG_DONTWAIT, NULL));
	RECEIVE("recvmmsg, time", recvmmsg(udp, many, 2, MSG_DONTWAIT, bad));
	RECEIVE("recvfrom", recvfrom(udp, bad, 8, MSG_DONTWAIT, (struct sockaddr *)name, &len));
	RECEIVE("recvfrom, name", recvfrom(udp, bytes, 8, MSG_DONTWAIT, bad, &len));
	RECEIVE("recvfrom, length", recvfrom(udp, bytes, 8, MSG_DONTWAIT, (struct sockaddr *)name, bad));
	RECEIVE("recvfrom, no name", recvfrom(udp, bytes, 8, MSG_DONTWAIT, NULL, bad));
	RECEIVE("recv", recv(udp, bad, 8, MSG_DONTWAIT));
	RECEIVE("read", read(udp, bad, 8));
	RECEIVE("readv", readv(udp, bad, 2));
	RECEIVE("readv, bytes", readv(udp, &base, 1));
	RECEIVE("FIONREAD", ioctl(udp, FIONREAD, bad));
}

static void names(const char *what, int fd)
{
	char whole[99], name[16];
	socklen_t len = sizeof(name), negative = (socklen_t)-1;

	snprintf(whole, sizeof(whole), "getpeername, %s", what);
	TRY(whole, getpeername(fd, bad, &len));
	TRY(whole, getpeername(fd, (struct sockaddr *)name, bad));
	TRY(whole, getpeername(fd, (struct sockaddr *)name, &negative));
	snprintf(whole, sizeof(whole), "getsockname, %s", what);
	TRY(whole, getsockname(fd, bad, &len));
	TRY(whole, getsockname(fd, (struct sockaddr *)name, bad));
	TRY(whole, getsockname(fd, (struct sockaddr *)name, &negative));
	snprintf(whole, sizeof(whole), "getsockopt, %s", what);
	TRY(whole, getsockopt(fd, SOL_SOCKET, SO_ERROR, bad, &len));
	TRY(whole, getsockopt(fd, SOL_SOCKET, SO_ERROR, name, bad));
	TRY(whole, getsockopt(fd, SOL_SOCKET, SO_DOMAIN, bad, &len));
	TRY(whole, getsockopt(fd, SOL_SOCKET, SO_DOMAIN, name, bad));
	TRY(whole, getsockopt(fd, SOL_SOCKET, SO_DOMAIN, name, &negative));
}

int main(int argc, char **argv)
{
	const bool here = argc < 3;

	stream_len = here ? 0 : address_parse(argv[1], &stream);
	datagram_len = here ? 0 : address_parse(argv[2], &datagram);
	if (here)
		listen_here();
	make_sockets();
	make_memory();
	for (int i = 0; i < 4; i++) {
		bad = kinds[i].at;
		kind = kinds[i].name;
		if (i < 3) {
			addresses();
			messages();
			inputs();
		}
		outputs();
		names("fresh", fresh_tcp);
		names("stream", tcp);
		names("datagrams", udp);
	}
	claims();
	return 0;
}
