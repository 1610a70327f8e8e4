/* SPDX-License-Identifier: MIT */
/* proxy: a SOCKS4, SOCKS4a, SOCKS5 and HTTP CONNECT server that misbehaves on request. */
#include "tests/lib/common.h"

#include <getopt.h>
#include <sys/timerfd.h>

#include "proxy_bind.h"
#include "proxy_speech.h"

static const char usage[] =
	"usage: proxy [OPTION]... [ADDR:PORT | [V6]:PORT | /PATH]      (default 127.0.0.1:0)\n"
	"  --resolve NAME=ADDR   a name only this proxy knows; repeat\n"
	"  --log FILE            one line per request: KIND COMMAND TYPE HOST:PORT user=USER password=PASSWORD\n"
	"  --delay MS            wait before each answer\n"
	"  --slow MS             the destination takes so long to answer, too\n"
	"  --hold FILE           answer nothing as long as FILE is there\n"
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
	"  --tor                 answer RESOLVE and RESOLVE_PTR, too\n"
	"  --binds               answer BIND, too, and listen for one peer\n"
	"  --first HEX           say this instead of the first reply to BIND; --second HEX: of the second; \"\": nothing, ever\n"
	"  --first-cut N         hang up after N bytes of it; --second-cut N\n"
	"  --unasked             say the second reply at once\n"
	"  --times N             these only for the first N BINDs\n"
	"The port is printed on stdout when it listens. It ends when stdin hangs up or its parent dies.\n";

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

	if (want.hold && access(want.hold, F_OK) == 0) {
		wake_in(c, 5);
		return;
	}
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
	} else if (c->state == BOUND) {
		await_peer(c);
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
	else if (of_target && c->state == BOUND)
		peer_came(c);
	else if (of_target)
		connected(c);
	else
		client_spoke(c);
}

static void options(int argc, char **argv)
{
	enum {
		RESOLVE = 256,
		LOG,
		DELAY,
		SLOW,
		HOLD,
		USER,
		PASS,
		METHOD,
		REPLY,
		ANSWERS,
		SILENT,
		CLOSE,
		GARBAGE,
		CHUNK,
		TRAILING,
		NAME,
		HEADER,
		TOR,
		BINDS,
		FIRST,
		SECOND,
		FIRST_CUT,
		SECOND_CUT,
		UNASKED,
		TIMES
	};
	static const struct option table[] = {
		{"resolve", 1, NULL, RESOLVE},
		{"log", 1, NULL, LOG},
		{"delay", 1, NULL, DELAY},
		{"slow", 1, NULL, SLOW},
		{"hold", 1, NULL, HOLD},
		{"user", 1, NULL, USER},
		{"password", 1, NULL, PASS},
		{"method", 1, NULL, METHOD},
		{"reply", 1, NULL, REPLY},
		{"answers", 1, NULL, ANSWERS},
		{"silent", 0, NULL, SILENT},
		{"close-after", 1, NULL, CLOSE},
		{"garbage", 0, NULL, GARBAGE},
		{"chunk", 1, NULL, CHUNK},
		{"trailing", 1, NULL, TRAILING},
		{"bind-name", 1, NULL, NAME},
		{"header", 1, NULL, HEADER},
		{"tor", 0, NULL, TOR},
		{"binds", 0, NULL, BINDS},
		{"first", 1, NULL, FIRST},
		{"second", 1, NULL, SECOND},
		{"first-cut", 1, NULL, FIRST_CUT},
		{"second-cut", 1, NULL, SECOND_CUT},
		{"unasked", 0, NULL, UNASKED},
		{"times", 1, NULL, TIMES},
		{0},
	};
	char *equals;

	for (int o; (o = getopt_long(argc, argv, "", table, NULL)) != -1;)
		/* clang-format off */
		switch (o) {
		case RESOLVE:
			if (!(equals = strchr(optarg, '=')) || want.hosts == HOSTS)
				die("--resolve");
			*equals = 0;
			want.names[want.hosts] = optarg;
			want.addresses[want.hosts++] = equals + 1;
			break;
		case LOG: want.log = optarg; break;
		case HOLD: want.hold = optarg; break;
		case DELAY: want.delay = atoi(optarg); break;
		case SLOW: want.slow = atoi(optarg); break;
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
		case TOR: want.tor = true; break;
		case BINDS: want.binds = true; break;
		case FIRST: want.first.hex = optarg; want.first.never = !*optarg; break;
		case SECOND: want.second.hex = optarg; want.second.never = !*optarg; break;
		case FIRST_CUT: want.first.cut = atoi(optarg); break;
		case SECOND_CUT: want.second.cut = atoi(optarg); break;
		case UNASKED: want.unasked = true; break;
		case TIMES: want.times = atoi(optarg); break;
		case HEADER: want.header = (size_t)atol(optarg); break;
		default: fputs(usage, stderr); exit(2);
		}
	/* clang-format on */
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
