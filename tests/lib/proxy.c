/* proxy: a SOCKS4, SOCKS4a, SOCKS5 and HTTP CONNECT server that misbehaves on request. */
#include "common.h"

#include <getopt.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

static const char usage[] =
	"usage: proxy [OPTION]... [ADDR:PORT | [V6]:PORT | /PATH]      (default 127.0.0.1:0)\n"
	"  --resolve NAME=ADDR   a name only this proxy knows; repeat\n"
	"  --log FILE            one line per request: KIND COMMAND TYPE HOST:PORT user=USER password=PASSWORD\n"
	"  --delay MS            wait before each answer\n"
	"  --user U --password P ask for credentials (SOCKS4: for the user id)\n"
	"  --method HEX          answer the SOCKS5 greeting with this method\n"
	"  --reply CODE          refuse every request: SOCKS in hex (05, f4, 5b), HTTP status in decimal\n"
	"  --answers N           fall silent after N answers\n"
	"  --silent              the same, N = 0\n"
	"  --close-after N       close after N bytes of answers\n"
	"  --garbage             answer with nonsense\n"
	"  --chunk N             send answers N bytes at a time, 2 ms apart\n"
	"  --trailing TEXT       be the destination: TEXT in the same segment as the last answer, then echo\n"
	"  --bind-name NAME      say the bound address as a name\n"
	"  --header N            pad the HTTP answer with N bytes of headers\n"
	"The port is printed on stdout when it listens. It ends when stdin hangs up or its parent dies.\n";

enum { HOSTS = 64, ROOM = 65536 };

enum state { GREETING, PASSWORD, REQUEST, CONNECTING, ANSWERED, RELAY, DUMB };

struct pipe_ {
	uint8_t *at;
	size_t start, len;
	bool ended, shut;
};

struct conn {
	struct conn *next_timer;
	double due;
	enum state state;
	int client, target;
	const char *kind;
	char user[256];
	struct pipe_ up, down; /* up: from the client, to the target */
	uint8_t answer[ROOM + 1024];
	size_t answer_at, answer_len;
	bool last;           /* this answer ends the handshake */
	bool hang_up;        /* this answer ends the connection */
	bool dead;
	int answers;
	size_t sent;
};

static struct {
	const char *log, *user, *password, *trailing, *bind_name, *reply;
	const char *names[HOSTS], *addresses[HOSTS];
	int hosts, delay, method, answers;
	long close_after;
	size_t chunk, header;
	bool garbage;
} want = {.method = -1, .answers = -1, .close_after = -1};

static int poller, timer;
static struct conn *timers, *timers_last; /* in the order they are due */
static struct conn *graves;               /* of connections that events at hand may still name */

static void set_timer(void)
{
	struct itimerspec t = {0};

	if (timers) {
		double left = timers->due - now();
		if (left < 1e-6)
			left = 1e-6;
		t.it_value.tv_sec = (time_t)left;
		t.it_value.tv_nsec = (long)((left - (double)t.it_value.tv_sec) * 1e9);
	}
	timerfd_settime(timer, 0, &t, NULL);
}

/* Delays are mostly equal, so the end of the list is the place to look first. */
static void wake_in(struct conn *c, int ms)
{
	struct conn **at = &timers;

	c->due = now() + ms / 1e3;
	if (timers && timers_last->due <= c->due)
		at = &timers_last->next_timer;
	while (*at && (*at)->due <= c->due)
		at = &(*at)->next_timer;
	c->next_timer = *at;
	*at = c;
	if (!c->next_timer)
		timers_last = c;
	if (timers == c)
		set_timer();
}

static void unwake(struct conn *c)
{
	struct conn *before = NULL;

	for (struct conn **at = &timers; *at; before = *at, at = &before->next_timer)
		if (*at == c) {
			*at = c->next_timer;
			if (timers_last == c)
				timers_last = before;
			return;
		}
}

static void watch(struct conn *c, int fd, unsigned events)
{
	/* bit 0 of the pointer tells the target's descriptor from the client's */
	struct epoll_event e = {.events = events, .data.u64 = (uintptr_t)c | (fd == c->target)};

	if (epoll_ctl(poller, EPOLL_CTL_MOD, fd, &e) && errno == ENOENT)
		epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
}

static void hang_up(struct conn *c)
{
	if (c->dead)
		return;
	c->dead = true;
	unwake(c);
	close(c->client);
	if (c->target >= 0)
		close(c->target);
	c->next_timer = graves;
	graves = c;
}

static void bury(void)
{
	for (struct conn *c; (c = graves);) {
		graves = c->next_timer;
		free(c->up.at);
		free(c->down.at);
		free(c);
	}
}

static void put(struct conn *c, const void *bytes, size_t n)
{
	memcpy(c->answer + c->answer_len, bytes, n);
	c->answer_len += n;
}

static void put_text(struct conn *c, const char *text)
{
	put(c, text, strlen(text));
}

/* Called when everything of one answer is there. */
static void answer(struct conn *c)
{
	if (want.garbage) {
		c->answer_len = 0;
		put_text(c, "nonsense\r\nthat no protocol begins with, and more of it\r\n\r\n");
	}
	if (c->last && !c->hang_up && want.trailing)
		put_text(c, want.trailing);
	if (want.answers >= 0 && c->answers >= want.answers)
		return;
	c->answers++;
	wake_in(c, want.delay);
}

static void answer_code(struct conn *c, int error)
{
	static const struct { int error; uint8_t socks; int http; } codes[] = {
		{ECONNREFUSED, 5, 502}, {ENETUNREACH, 3, 503}, {EHOSTUNREACH, 4, 502},
		{ETIMEDOUT, 6, 504}, {EAFNOSUPPORT, 8, 500}, {EOPNOTSUPP, 7, 405}, {EACCES, 2, 403},
	};
	uint8_t socks = error ? 1 : 0;
	int http = error ? 500 : 200;
	char line[64];

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].error == error)
			socks = codes[i].socks, http = codes[i].http;
	c->last = true;
	c->hang_up = error != 0;
	if (c->kind[0] == 'h') {
		http = want.reply ? atoi(want.reply) : http;
		snprintf(line, sizeof(line), "HTTP/1.1 %d Answer\r\n", http);
		put_text(c, line);
		for (size_t left = want.header; left > 9; left -= left < 100 ? left : 100) {
			snprintf(line, sizeof(line), "X-Pad: ");
			put_text(c, line);
			for (size_t i = 0; i < (left < 100 ? left : 100) - 9; i++)
				put(c, "x", 1);
			put_text(c, "\r\n");
		}
		put_text(c, "\r\n");
		c->hang_up = http / 100 != 2;
	} else if (!strncmp(c->kind, "socks4", 6)) {
		const uint8_t code = want.reply ? (uint8_t)strtol(want.reply, NULL, 16) : error ? 0x5B : 0x5A;
		put(c, (uint8_t[]){0, code, 0, 0, 0, 0, 0, 0}, 8);
		c->hang_up = code != 0x5A;
	} else {
		const uint8_t code = want.reply ? (uint8_t)strtol(want.reply, NULL, 16) : socks;
		put(c, (uint8_t[]){5, code, 0}, 3);
		if (want.bind_name) {
			put(c, (uint8_t[]){3, (uint8_t)strlen(want.bind_name)}, 2);
			put_text(c, want.bind_name);
			put(c, (uint8_t[]){0x12, 0x34}, 2);
		} else {
			put(c, (uint8_t[]){1, 0, 0, 0, 0, 0, 0}, 7);
		}
		c->hang_up = code != 0;
	}
	answer(c);
}

static void dial(struct conn *c, const char *host, int port)
{
	struct sockaddr_storage a;
	char text[300];

	if (want.trailing || want.reply) {
		answer_code(c, 0);
		return;
	}
	for (int i = 0; i < want.hosts; i++)
		if (!strcasecmp(want.names[i], host))
			host = want.addresses[i];
	snprintf(text, sizeof(text), strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, port);
	const socklen_t len = address_parse(text, &a);
	if (!len) {
		answer_code(c, EHOSTUNREACH);
		return;
	}
	c->target = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(c->target, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	c->state = CONNECTING;
	if (connect(c->target, (struct sockaddr *)&a, len) && errno != EINPROGRESS)
		answer_code(c, errno);
	else
		watch(c, c->target, EPOLLOUT);
}

static void request(struct conn *c, int command, const char *type, const char *host, int port, const char *password)
{
	static const char *const commands[] = {"0", "connect", "bind", "associate"};

	if (want.log) {
		char line[1200];
		const int fd = open(want.log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
		const int n = snprintf(line, sizeof(line), "%s %s %s %s:%d user=%s password=%s\n", c->kind,
		                       command < 4 ? commands[command] : "other", type, host, port, c->user, password);
		if (write(fd, line, (size_t)n) < 0)
			die(want.log);
		close(fd);
	}
	if (command != 1)
		answer_code(c, EOPNOTSUPP);
	else
		dial(c, host, port);
}

/* Each take_*() looks at the bytes so far; the number it used up, 0: more are needed. */
static size_t take_socks4(struct conn *c, const uint8_t *at, size_t n)
{
	const uint8_t *user, *user_end, *name_end;
	char host[256], text[INET_ADDRSTRLEN];

	if (n < 9 || !(user_end = memchr(user = at + 8, 0, n - 8)))
		return 0;
	snprintf(c->user, sizeof(c->user), "%s", (const char *)user);
	snprintf(host, sizeof(host), "%s", inet_ntop(AF_INET, at + 4, text, sizeof(text)));
	c->kind = "socks4";
	name_end = user_end;
	if (!at[4] && !at[5] && !at[6] && at[7]) {
		if (!(name_end = memchr(user_end + 1, 0, n - (size_t)(user_end + 1 - at))))
			return 0;
		snprintf(host, sizeof(host), "%s", (const char *)user_end + 1);
		c->kind = "socks4a";
	}
	if (want.user && strcmp(want.user, c->user)) {
		put(c, (uint8_t[]){0, 0x5D, 0, 0, 0, 0, 0, 0}, 8);
		c->last = c->hang_up = true;
		answer(c);
	} else {
		request(c, at[1], name_end == user_end ? "ipv4" : "name", host, at[2] << 8 | at[3], "");
	}
	return (size_t)(name_end + 1 - at);
}

static char given_password[256]; /* of the credentials seen last: only for the log */

static size_t take_greeting(struct conn *c, const uint8_t *at, size_t n)
{
	if (n < 2 || n < 2u + at[1])
		return 0;
	const uint8_t need = want.user ? 2 : 0;
	uint8_t method = memchr(at + 2, need, at[1]) ? need : 0xFF;
	if (want.method >= 0)
		method = (uint8_t)want.method;
	c->kind = "socks5";
	c->state = method == 2 ? PASSWORD : REQUEST;
	c->hang_up = method == 0xFF;
	put(c, (uint8_t[]){5, method}, 2);
	answer(c);
	return 2u + at[1];
}

static size_t take_password(struct conn *c, const uint8_t *at, size_t n)
{
	if (n < 2 || n < 3u + at[1] || n < 3u + at[1] + at[2 + at[1]])
		return 0;
	snprintf(c->user, sizeof(c->user), "%.*s", at[1], (const char *)at + 2);
	snprintf(given_password, sizeof(given_password), "%.*s", at[2 + at[1]], (const char *)at + 3 + at[1]);
	const bool good = (!want.user || !strcmp(want.user, c->user)) &&
	                  (!want.password || !strcmp(want.password, given_password));
	c->state = REQUEST;
	c->hang_up = !good;
	put(c, (uint8_t[]){1, !good}, 2);
	answer(c);
	return 3u + at[1] + at[2 + at[1]];
}

static size_t take_request(struct conn *c, const uint8_t *at, size_t n)
{
	char host[256] = "";
	const char *type = "name";
	size_t len = 4;

	if (n < 5)
		return 0;
	const size_t room = at[3] == 1 ? 4 : at[3] == 4 ? 16 : at[3] == 3 ? 1u + at[4] : 0;
	if (n < len + room + 2)
		return 0;
	if (at[3] == 1)
		inet_ntop(AF_INET, at + 4, host, sizeof(host)), type = "ipv4";
	else if (at[3] == 4)
		inet_ntop(AF_INET6, at + 4, host, sizeof(host)), type = "ipv6";
	else
		snprintf(host, sizeof(host), "%.*s", at[4], (const char *)at + 5);
	len += room;
	request(c, at[1], type, host, at[len] << 8 | at[len + 1], given_password);
	return len + 2;
}

static void from_base64(const char *at, char *to)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;

	for (const char *d; *at && (d = strchr(digits, *at)); at++) {
		bits = bits << 6 | (unsigned)(d - digits);
		if ((have += 6) >= 8)
			*to++ = (char)(bits >> (have -= 8));
	}
	*to = 0;
}

static size_t take_http(struct conn *c, const uint8_t *at, size_t n)
{
	const uint8_t *end = memmem(at, n, "\r\n\r\n", 4);
	char head[4096], host[256], login[256] = "", *colon, basic[512];
	int port;

	if (!end)
		return 0;
	snprintf(head, sizeof(head), "%.*s", (int)(end - at), (const char *)at);
	c->kind = "http";
	if (sscanf(head, "CONNECT %255[^ ] HTTP/1.", host) != 1 || !(colon = strrchr(host, ':'))) {
		answer_code(c, EOPNOTSUPP);
		return (size_t)(end - at) + 4;
	}
	*colon = 0;
	port = atoi(colon + 1);
	const char *type = strspn(host, "0123456789.") == strlen(host) ? "ipv4" : "name";
	if (host[0] == '[') {
		memmove(host, host + 1, strlen(host));
		host[strlen(host) - 1] = 0;
		type = "ipv6";
	}
	const char *field = strcasestr(head, "\r\nProxy-Authorization: Basic ");
	if (field && sscanf(field + 29, "%511[^\r]", basic) == 1)
		from_base64(basic, login);
	if ((colon = strchr(login, ':')))
		*colon++ = 0;
	snprintf(c->user, sizeof(c->user), "%s", login);
	if (want.user && (strcmp(login, want.user) || !colon || (want.password && strcmp(colon, want.password)))) {
		put_text(c, "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
		c->last = c->hang_up = true;
		answer(c);
	} else {
		request(c, 1, type, host, port, colon ? colon : "");
	}
	return (size_t)(end - at) + 4;
}

static void handshake(struct conn *c)
{
	struct pipe_ *p = &c->up;
	size_t used = 0;

	/* One answer at a time: what was sent ahead waits in the pipe. */
	if (c->answer_len || !p->len || c->state > REQUEST || c->state == CONNECTING)
		return;
	const uint8_t *at = p->at + p->start;
	if (c->state == PASSWORD)
		used = take_password(c, at, p->len);
	else if (c->state == REQUEST)
		used = take_request(c, at, p->len);
	else if (at[0] == 5)
		used = take_greeting(c, at, p->len);
	else if (at[0] == 4)
		used = take_socks4(c, at, p->len);
	else
		used = take_http(c, at, p->len);
	p->start += used;
	p->len -= used;
	if (!p->len)
		p->start = 0;
}

static void fill(struct pipe_ *p, int fd, struct conn *c)
{
	if (p->ended || p->start + p->len == ROOM)
		return;
	const ssize_t n = recv(fd, p->at + p->start + p->len, ROOM - p->start - p->len, 0);
	if (n > 0)
		p->len += (size_t)n;
	else if (n == 0)
		p->ended = true;
	else if (errno != EAGAIN && errno != EINTR)
		hang_up(c);
}

static void drain(struct pipe_ *p, int fd, struct conn *c)
{
	if (p->len) {
		const ssize_t n = send(fd, p->at + p->start, p->len, MSG_NOSIGNAL);
		if (n > 0) {
			p->start += (size_t)n;
			p->len -= (size_t)n;
			if (!p->len)
				p->start = 0;
		} else if (errno != EAGAIN && errno != EINTR) {
			hang_up(c);
			return;
		}
	}
	if (p->ended && !p->len && !p->shut) {
		p->shut = true;
		shutdown(fd, SHUT_WR);
	}
}

static void relay(struct conn *c)
{
	if (c->target < 0) { /* we are the destination: echo */
		fill(&c->up, c->client, c);
		if (!c->dead)
			drain(&c->up, c->client, c);
		if (!c->dead && c->up.shut)
			hang_up(c);
		else if (!c->dead)
			watch(c, c->client, EPOLLIN | (c->up.len ? EPOLLOUT : 0));
		return;
	}
	fill(&c->up, c->client, c);
	if (!c->dead)
		fill(&c->down, c->target, c);
	if (!c->dead)
		drain(&c->up, c->target, c);
	if (!c->dead)
		drain(&c->down, c->client, c);
	if (!c->dead && c->up.shut && c->down.shut)
		hang_up(c);
	if (c->dead)
		return;
	watch(c, c->client, (c->up.ended || c->up.len == ROOM ? 0 : EPOLLIN) | (c->down.len ? EPOLLOUT : 0));
	watch(c, c->target, (c->down.ended || c->down.len == ROOM ? 0 : EPOLLIN) | (c->up.len ? EPOLLOUT : 0));
}

static void speak(struct conn *c) /* the timer says: now */
{
	size_t n = c->answer_len - c->answer_at;

	if (want.chunk && n > want.chunk)
		n = want.chunk;
	if (want.close_after >= 0 && c->sent + n > (size_t)want.close_after)
		n = (size_t)want.close_after - c->sent;
	if (n && send(c->client, c->answer + c->answer_at, n, MSG_NOSIGNAL) != (ssize_t)n) {
		hang_up(c);
		return;
	}
	c->answer_at += n;
	c->sent += n;
	if (want.close_after >= 0 && c->sent >= (size_t)want.close_after) {
		hang_up(c);
		return;
	}
	if (c->answer_at < c->answer_len) {
		wake_in(c, 2);
		return;
	}
	c->answer_at = c->answer_len = 0;
	if (c->hang_up) {
		hang_up(c);
	} else if (c->last) {
		c->state = RELAY;
		relay(c);
	} else {
		handshake(c);
	}
}

static void welcome(int listener)
{
	for (;;) {
		const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			return;
		struct conn *c = calloc(1, sizeof(*c));
		*c = (struct conn){.client = fd, .target = -1, .kind = "?"};
		c->up.at = malloc(ROOM);
		c->down.at = malloc(ROOM);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		watch(c, fd, EPOLLIN);
	}
}

static void connected(struct conn *c)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(c->target, SOL_SOCKET, SO_ERROR, &error, &len);
	epoll_ctl(poller, EPOLL_CTL_DEL, c->target, NULL);
	c->state = ANSWERED;
	answer_code(c, error);
}

static void client_spoke(struct conn *c)
{
	fill(&c->up, c->client, c);
	if (c->dead)
		return;
	if (c->up.ended) {
		hang_up(c);
		return;
	}
	handshake(c);
}

static void event(const struct epoll_event *e)
{
	struct conn *c = (void *)(uintptr_t)(e->data.u64 & ~(uint64_t)1);
	const bool of_target = e->data.u64 & 1;

	if (c->dead)
		return;
	if (c->state == RELAY)
		relay(c);
	else if (of_target)
		connected(c);
	else
		client_spoke(c);
}

static void options(int argc, char **argv)
{
	enum { RESOLVE = 256, LOG, DELAY, USER, PASS, METHOD, REPLY, ANSWERS, SILENT, CLOSE, GARBAGE, CHUNK, TRAILING, NAME, HEADER };
	static const struct option table[] = {
		{"resolve", 1, NULL, RESOLVE}, {"log", 1, NULL, LOG}, {"delay", 1, NULL, DELAY}, {"user", 1, NULL, USER},
		{"password", 1, NULL, PASS}, {"method", 1, NULL, METHOD}, {"reply", 1, NULL, REPLY},
		{"answers", 1, NULL, ANSWERS}, {"silent", 0, NULL, SILENT}, {"close-after", 1, NULL, CLOSE},
		{"garbage", 0, NULL, GARBAGE}, {"chunk", 1, NULL, CHUNK}, {"trailing", 1, NULL, TRAILING},
		{"bind-name", 1, NULL, NAME}, {"header", 1, NULL, HEADER}, {0},
	};
	char *equals;

	for (int o; (o = getopt_long(argc, argv, "", table, NULL)) != -1;)
		switch (o) {
		case RESOLVE:
			if (!(equals = strchr(optarg, '=')) || want.hosts == HOSTS)
				die("--resolve");
			*equals = 0;
			want.names[want.hosts] = optarg;
			want.addresses[want.hosts++] = equals + 1;
			break;
		case LOG: want.log = optarg; break;
		case DELAY: want.delay = atoi(optarg); break;
		case USER: want.user = optarg; break;
		case PASS: want.password = optarg; break;
		case METHOD: want.method = (int)strtol(optarg, NULL, 16); break;
		case REPLY: want.reply = optarg; break;
		case ANSWERS: want.answers = atoi(optarg); break;
		case SILENT: want.answers = 0; break;
		case CLOSE: want.close_after = atol(optarg); break;
		case GARBAGE: want.garbage = true; break;
		case CHUNK: want.chunk = (size_t)atol(optarg); break;
		case TRAILING: want.trailing = optarg; break;
		case NAME: want.bind_name = optarg; break;
		case HEADER: want.header = (size_t)atol(optarg); break;
		default: fputs(usage, stderr); exit(2);
		}
}

int main(int argc, char **argv)
{
	struct epoll_event events[256];
	int listener_mark, timer_mark;

	options(argc, argv);
	poller = epoll_create1(EPOLL_CLOEXEC);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	const int listener = serve(optind < argc ? argv[optind] : "127.0.0.1:0");
	epoll_ctl(poller, EPOLL_CTL_ADD, listener, &(struct epoll_event){EPOLLIN, {.ptr = &listener_mark}});
	epoll_ctl(poller, EPOLL_CTL_ADD, timer, &(struct epoll_event){EPOLLIN, {.ptr = &timer_mark}});
	/* No events wanted: a hang-up is told all the same. /dev/null cannot be watched, and never hangs up. */
	epoll_ctl(poller, EPOLL_CTL_ADD, 0, &(struct epoll_event){0, {.ptr = NULL}});

	for (;;) {
		const int n = epoll_wait(poller, events, 256, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == NULL)
				return 0;
			if (events[i].data.ptr == &listener_mark) {
				welcome(listener);
			} else if (events[i].data.ptr == &timer_mark) {
				uint64_t times;
				if (read(timer, &times, sizeof(times)) < 0)
					continue;
				while (timers && timers->due <= now() + 1e-4) {
					struct conn *c = timers;
					timers = c->next_timer;
					speak(c);
				}
				set_timer();
			} else {
				event(&events[i]);
			}
		}
		bury();
	}
}
