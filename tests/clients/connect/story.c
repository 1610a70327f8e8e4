/* SPDX-License-Identifier: MIT */
/* story: story HOST PORT WORD...: do to one TCP socket what each word says, and print what each call says to that; so that one story can be
 * told by the kernel and by us, and the two compared. A word may have an argument: word=ARGUMENT; aside=WORD is done by a thread of its own,
 * and told at join. $HOLD: while that file is there, the destination does not answer. */
#include "tests/lib/common.h"

#include <linux/sockios.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/time.h>

static int fd = -1, other = -1;
static __thread FILE *told; /* by this thread; NULL: to everybody */
static struct sockaddr_storage to;
static socklen_t to_len;

static const struct option {
	const char *name;
	int level, number;
} options[] = {
	{"SO_ERROR", SOL_SOCKET, SO_ERROR},
	{"SO_TYPE", SOL_SOCKET, SO_TYPE},
	{"SO_DOMAIN", SOL_SOCKET, SO_DOMAIN},
	{"SO_PROTOCOL", SOL_SOCKET, SO_PROTOCOL},
	{"SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE},
	{"SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR},
	{"SO_ACCEPTCONN", SOL_SOCKET, SO_ACCEPTCONN},
	{"TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY},
	{"TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE},
	{"TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT},
	{"TCP_FASTOPEN_CONNECT", IPPROTO_TCP, TCP_FASTOPEN_CONNECT},
	{"IP_TOS", IPPROTO_IP, IP_TOS},
	{"IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY},
	{"SO_RCVBUF", SOL_SOCKET, SO_RCVBUF},
	{"SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT},
};

/* "WHAT: ERRNO" or "WHAT: RC". */
static void tell(const char *what, ssize_t rc)
{
	FILE *to_whom = told ? told : stdout;

	if (rc < 0)
		fprintf(to_whom, "%s: %s\n", what, error_name(errno));
	else
		fprintf(to_whom, "%s: %zd\n", what, rc);
}

static const struct option *option_of(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strncmp(name, options[i].name, strlen(options[i].name)))
			return &options[i];
	die(name);
	return NULL;
}

/* What is up on the socket. A refused one of ours cannot say ERR, which the kernel's does, next to IN, OUT and HUP. */
static void events(const char *what, int ms)
{
	struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};

	if (poll(&p, 1, ms) < 0)
		tell(what, -1);
	else
		fprintf(told ? told : stdout, "%s:%s%s%s%s%s\n", what, p.revents & POLLIN ? " IN" : "", p.revents & POLLOUT ? " OUT" : "",
			p.revents & POLLHUP ? " HUP" : "", p.revents & POLLNVAL ? " NVAL" : "", p.revents ? "" : " none");
}

static void *open_soon(void *unused)
{
	usleep(100000);
	unlink(getenv("HOLD"));
	return unused;
}

static void w_socket(const char *arg)
{
	const int family = strchr(arg, '6') ? AF_INET6 : AF_INET;

	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | (strstr(arg, "blocking") ? 0 : SOCK_NONBLOCK), 0);
	if (fd < 0)
		tell("socket", -1);
}

static void w_connect(const char *arg)
{
	(void)arg;
	tell("connect", connect(fd, (struct sockaddr *)&to, to_len));
}

static void w_unspec(const char *arg)
{
	(void)arg;
	tell("unspec", connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)));
}

static void w_bind(const char *arg)
{
	const struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arg)), .sin_addr.s_addr = inet_addr("10.73.0.2")};

	tell("bind", bind(fd, (struct sockaddr *)&a, sizeof(a)));
}

static void w_bind6(const char *address)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6};

	inet_pton(AF_INET6, address, &a.sin6_addr);
	tell("bind", bind(fd, (struct sockaddr *)&a, sizeof(a)));
}

static void w_device(const char *name)
{
	tell("SO_BINDTODEVICE", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name)));
}

static void w_open(const char *arg)
{
	pthread_t thread;

	if (!strcmp(arg, "later"))
		pthread_create(&thread, NULL, open_soon, NULL);
	else
		unlink(getenv("HOLD"));
}

static void w_poll(const char *arg)
{
	events("poll", *arg ? atoi(arg) : 20000);
}

static void w_get(const char *arg)
{
	const struct option *o = option_of(arg);
	int value = -1;
	socklen_t len = sizeof(value);

	tell(o->name, getsockopt(fd, o->level, o->number, &value, &len) ? -1 : 0);
	if (o->number == SO_ERROR && o->level == SOL_SOCKET)
		printf("	%s\n", error_name(value));
	else
		printf("	%d\n", value);
}

static void w_set(const char *arg) /* NAME:VALUE */
{
	const struct option *o = option_of(arg);

	tell(o->name, setsockopt(fd, o->level, o->number, &(int){atoi(strchr(arg, ':') + 1)}, sizeof(int)));
}

static void w_sndtimeo(const char *ms)
{
	const struct timeval t = {atoi(ms) / 1000, atoi(ms) % 1000 * 1000};

	tell("SO_SNDTIMEO", setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)));
}

static void w_read(const char *arg)
{
	char c;

	(void)arg;
	tell("read", read(fd, &c, 1));
}

static void w_peek(const char *arg)
{
	char c;

	(void)arg;
	tell("peek", recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT));
}

static void w_push(const char *text)
{
	tell("push", send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT));
}

static void w_write(const char *text)
{
	tell("write", send(fd, text, strlen(text), MSG_NOSIGNAL));
}

static void w_answer(const char *arg) /* wait for it, whole */
{
	char text[256] = "";
	size_t n = 0;
	struct pollfd p = {fd, POLLIN, 0};

	while (n < strlen(arg) && poll(&p, 1, 20000) == 1) {
		const ssize_t got = recv(fd, text + n, sizeof(text) - 1 - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	printf("answer: %s\n", text);
}

static void w_eof(const char *arg)
{
	(void)arg;
	poll(&(struct pollfd){fd, POLLIN, 0}, 1, 20000);
	w_read("");
}

static void w_echo(const char *text)
{
	w_write(text);
	w_answer(text);
}

static void w_fastopen(const char *text)
{
	tell("sendto", sendto(fd, text, strlen(text), MSG_FASTOPEN | MSG_NOSIGNAL, (struct sockaddr *)&to, to_len));
}

static void w_fastopen_msg(const char *text)
{
	struct iovec part = {(void *)(uintptr_t)text, strlen(text)};
	const struct msghdr m = {.msg_name = &to, .msg_namelen = to_len, .msg_iov = &part, .msg_iovlen = 1};

	tell("sendmsg", sendmsg(fd, &m, MSG_FASTOPEN | MSG_NOSIGNAL));
}

static void w_fastopen_many(const char *text)
{
	struct iovec part = {(void *)(uintptr_t)text, strlen(text)};
	struct mmsghdr m = {.msg_hdr = {.msg_name = &to, .msg_namelen = to_len, .msg_iov = &part, .msg_iovlen = 1}};

	tell("sendmmsg", sendmmsg(fd, &m, 1, MSG_FASTOPEN | MSG_NOSIGNAL));
	tell("sent", m.msg_len);
}

static void w_peername(const char *arg)
{
	struct sockaddr_storage a = {0};
	socklen_t len = sizeof(a);

	(void)arg;
	if (getpeername(fd, (struct sockaddr *)&a, &len))
		tell("peername", -1);
	else
		printf("peername: %s\n", address_text(&a));
}

static void w_sockname(const char *arg)
{
	struct sockaddr_storage a = {0};
	socklen_t len = sizeof(a);

	(void)arg;
	if (getsockname(fd, (struct sockaddr *)&a, &len))
		tell("sockname", -1);
	else if (ntohs(((struct sockaddr_in *)&a)->sin_port) > 20000) /* no two of them are the same */
		printf("sockname: of family %d%s, with a port\n", a.ss_family, strstr(address_text(&a), "::ffff:") ? ", v4-mapped" : "");
	else
		printf("sockname: %s\n", address_text(&a));
}

static void w_flags(const char *arg)
{
	(void)arg;
	printf("flags: %s, %s\n", fcntl(fd, F_GETFL) & O_NONBLOCK ? "nonblocking" : "blocking",
	       fcntl(fd, F_GETFD) & FD_CLOEXEC ? "close-on-exec" : "inherited");
}

static void w_nonblocking(const char *arg)
{
	tell("F_SETFL", fcntl(fd, F_SETFL, atoi(arg) ? O_RDWR | O_NONBLOCK : O_RDWR));
}

static void w_fionbio(const char *arg)
{
	tell("FIONBIO", ioctl(fd, FIONBIO, &(int){atoi(arg)}));
}

static void w_cloexec(const char *arg)
{
	tell("F_SETFD", fcntl(fd, F_SETFD, atoi(arg) ? FD_CLOEXEC : 0));
}

static void w_queues(const char *arg)
{
	int in = -1, out = -1;

	(void)arg;
	tell("FIONREAD", ioctl(fd, FIONREAD, &in));
	tell("SIOCOUTQ", ioctl(fd, SIOCOUTQ, &out));
	printf("	%d %d\n", in, out);
}

static void w_shutdown(const char *how)
{
	tell("shutdown", shutdown(fd, !strcmp(how, "rd") ? SHUT_RD : !strcmp(how, "wr") ? SHUT_WR : SHUT_RDWR));
}

/* The duplicate is the other descriptor from now on. */
static void w_dup(const char *arg)
{
	other = dup(fd);
	tell("dup", other < 0 ? -1 : 0);
	(void)arg;
}

static void w_dup2(const char *number)
{
	tell("dup2", dup2(fd, atoi(number)));
	other = atoi(number);
}

static void w_overwrite(const char *arg)
{
	(void)arg;
	tell("overwrite", dup2(0, fd) < 0 ? -1 : 0);
}

static void w_dup3(const char *number)
{
	tell("dup3", dup3(fd, atoi(number), O_CLOEXEC));
	other = atoi(number);
}

static void w_dupfd(const char *number)
{
	other = fcntl(fd, F_DUPFD_CLOEXEC, atoi(number));
	tell("F_DUPFD_CLOEXEC", other < 0 ? -1 : 0);
}

static void w_swap(const char *arg)
{
	const int current = fd;

	(void)arg;
	fd = other;
	other = current;
}

/* From here on the socket is descriptor NUMBER. */
static void w_move(const char *number)
{
	const int flags = fcntl(fd, F_GETFD), from = fd;

	fd = dup3(from, atoi(number), flags & FD_CLOEXEC ? O_CLOEXEC : 0);
	tell("move", fd);
	close(from);
}

static void w_close(const char *arg)
{
	(void)arg;
	tell("close", close(fd));
}

static void w_close_range(const char *arg)
{
	tell("close_range", close_range(3, ~0u, *arg ? CLOSE_RANGE_CLOEXEC : 0));
}

static void w_closefrom(const char *arg)
{
	(void)arg;
	closefrom(3);
}

/* Closed by libc itself, which no hook sees. */
static void w_fclose(const char *arg)
{
	FILE *f = fdopen(fd, "r+");

	(void)arg;
	tell("fclose", fclose(f));
}

static void w_limit(const char *arg) /* of descriptors, soft and hard: N, or N:soft */
{
	struct rlimit l;

	getrlimit(RLIMIT_NOFILE, &l);
	l.rlim_cur = (rlim_t)atoi(arg);
	if (!strchr(arg, ':'))
		l.rlim_max = l.rlim_cur;
	tell("limit", setrlimit(RLIMIT_NOFILE, &l));
}

/* Use up every descriptor there is; with an argument, leave so many. */
static void w_exhaust(const char *leave)
{
	static int taken[4096], n;

	while (n < 4096 && (taken[n] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		n++;
	printf("exhaust: %s\n", error_name(errno));
	for (int i = 0; i < atoi(leave); i++)
		close(taken[--n]);
}

static void w_number(const char *arg)
{
	(void)arg;
	tell("number", fd);
}

/* How many descriptors the program can count that it knows of: those below 64. */
static void w_count(const char *arg)
{
	int n = 0;

	(void)arg;
	for (int i = 3; i < 64; i++)
		n += fcntl(i, F_GETFD) >= 0;
	tell("count", n);
}

static void w_aside(const char *word);
static void w_join(const char *arg);

static const struct word {
	const char *name;
	void (*act)(const char *arg);
	/* clang-format off */
} words[] = {
	{"socket", w_socket},     {"connect", w_connect},       {"unspec", w_unspec},   {"bind", w_bind},
	{"open", w_open},         {"poll", w_poll},             {"get", w_get},         {"set", w_set},
	{"sndtimeo", w_sndtimeo}, {"read", w_read},             {"write", w_write},     {"answer", w_answer},
	{"echo", w_echo},         {"fastopen", w_fastopen},     {"fastopen_msg", w_fastopen_msg},
	{"fastopen_many", w_fastopen_many},
	{"peername", w_peername}, {"sockname", w_sockname},     {"flags", w_flags},     {"nonblocking", w_nonblocking},
	{"fionbio", w_fionbio},   {"cloexec", w_cloexec},       {"queues", w_queues},   {"shutdown", w_shutdown},
	{"dup", w_dup},           {"dup2", w_dup2},             {"dup3", w_dup3},       {"dupfd", w_dupfd},
	{"swap", w_swap},         {"move", w_move},             {"close", w_close},     {"close_range", w_close_range},
	{"closefrom", w_closefrom}, {"fclose", w_fclose},       {"limit", w_limit},     {"exhaust", w_exhaust},
	{"bind6", w_bind6},       {"device", w_device},
	{"peek", w_peek},         {"push", w_push},             {"aside", w_aside},       {"join", w_join},
	{"eof", w_eof}, {"overwrite", w_overwrite}, {"number", w_number},     {"count", w_count},
};
/* clang-format on */

static void act(const char *word)
{
	const size_t n = strcspn(word, "=");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].name) == n && !memcmp(words[i].name, word, n)) {
			words[i].act(word[n] ? word + n + 1 : "");
			fflush(stdout);
			return;
		}
	die(word);
}

static struct aside {
	pthread_t thread;
	pid_t id;
	const char *word;
	char text[256];
} asides[8];
static int n_asides;

static void *run_aside(void *arg)
{
	struct aside *a = arg;

	told = fmemopen(a->text, sizeof(a->text), "w");
	__atomic_store_n(&a->id, gettid(), __ATOMIC_SEQ_CST);
	act(a->word);
	fclose(told);
	return NULL;
}

/* True once the thread sleeps, or is gone. */
static bool sleeps(pid_t id)
{
	char path[64], state = 'S';

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", id);
	FILE *f = fopen(path, "re");
	if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'S';
	if (f)
		fclose(f);
	return state == 'S' || state == 'Z';
}

static void w_aside(const char *word)
{
	struct aside *a = &asides[n_asides++];

	a->word = word;
	pthread_create(&a->thread, NULL, run_aside, a);
	do
		usleep(30000);
	while (!__atomic_load_n(&a->id, __ATOMIC_SEQ_CST) || !sleeps(a->id));
}

static void w_join(const char *arg)
{
	(void)arg;
	for (int i = 0; i < n_asides; i++) {
		pthread_join(asides[i].thread, NULL);
		fputs(asides[i].text, stdout);
	}
	n_asides = 0;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		die("story HOST PORT WORD...");
	to_len = resolve(argv[1], argv[2], strchr(argv[1], ':') ? AF_INET6 : AF_INET, &to);
	for (int i = 3; i < argc; i++)
		act(argv[i]);
	return 0;
}
