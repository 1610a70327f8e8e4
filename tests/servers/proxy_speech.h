/* SPDX-License-Identifier: MIT */
/* proxy_speech: what the test proxy says and understands: SOCKS4, SOCKS4a, SOCKS5, HTTP CONNECT, and the ways to say it wrong. */
#ifndef TESTS_PROXY_SPEECH_H
#define TESTS_PROXY_SPEECH_H

#include "tests/lib/common.h"

#include <strings.h>
#include <sys/epoll.h>

enum { HOSTS = 64, ROOM = 65536 };

enum state { GREETING, PASSWORD, REQUEST, CONNECTING, BOUND, ANSWERED, RELAY, DUMB };

/* What is said instead of a reply to BIND. */
struct bind_reply {
	const char *hex; /* NULL: what is right, */
	int cut;         /* so many bytes of it, then the end; -1: all */
	bool never;
};

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
	bool last;    /* this answer ends the handshake */
	bool hang_up; /* this answer ends the connection */
	bool dead;
	int answers;
	size_t sent;
};

static struct {
	const char *log, *user, *password, *trailing, *bind_name, *reply;
	const char *names[HOSTS], *addresses[HOSTS];
	int hosts, delay, slow, method, answers;
	const char *hold;
	long close_after;
	size_t chunk, header;
	bool garbage, tor, binds, unasked;
	struct bind_reply first, second;
	int times;
} want = {.method = -1, .answers = -1, .close_after = -1, .first.cut = -1, .second.cut = -1, .times = -1};

/* In proxy.c: speak in so many ms; tell when the target has answered. */
static void wake_in(struct conn *c, int ms);
static void watch(struct conn *c, int fd, unsigned events);
/* In proxy_bind.h. */
static void bind_for(struct conn *c);

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
	wake_in(c, want.delay + (c->last ? want.slow : 0));
}

static void answer_code(struct conn *c, int error)
{
	static const struct {
		int error;
		uint8_t socks;
		int http;
	} codes[] = {
		{ECONNREFUSED, 5, 502}, {ENETUNREACH, 3, 503}, {EHOSTUNREACH, 4, 502}, {ETIMEDOUT, 6, 504},
		{EAFNOSUPPORT, 8, 500}, {EOPNOTSUPP, 7, 405},  {EACCES, 2, 403},
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

/* RESOLVE and RESOLVE_PTR, of the names that it was told. */
static void look_up(struct conn *c, bool back, const char *host)
{
	struct sockaddr_storage a;
	char text[300];
	int i = 0;

	while (i < want.hosts && strcasecmp(back ? want.addresses[i] : want.names[i], host))
		i++;
	if (i == want.hosts) {
		answer_code(c, EHOSTUNREACH);
		return;
	}
	put(c, (uint8_t[]){5, 0, 0}, 3);
	snprintf(text, sizeof(text), strchr(want.addresses[i], ':') ? "[%s]:0" : "%s:0", want.addresses[i]);
	address_parse(text, &a);
	if (back) {
		put(c, (uint8_t[]){3, (uint8_t)strlen(want.names[i])}, 2);
		put_text(c, want.names[i]);
	} else if (a.ss_family == AF_INET6) {
		put(c, (uint8_t[]){4}, 1);
		put(c, &((struct sockaddr_in6 *)&a)->sin6_addr, 16);
	} else {
		put(c, (uint8_t[]){1}, 1);
		put(c, &((struct sockaddr_in *)&a)->sin_addr, 4);
	}
	put(c, (uint8_t[]){0, 0}, 2);
	c->last = c->hang_up = true;
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
				       command < 4       ? commands[command]
				       : command == 0xf0 ? "resolve"
				       : command == 0xf1 ? "resolve_ptr"
							 : "other",
				       type, host, port, c->user, password);
		if (write(fd, line, (size_t)n) < 0)
			die(want.log);
		close(fd);
	}
	if (want.tor && (command == 0xf0 || command == 0xf1))
		look_up(c, command == 0xf1, host);
	else if (command == 2 && want.binds)
		bind_for(c);
	else if (command != 1)
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
	const bool good = (!want.user || !strcmp(want.user, c->user)) && (!want.password || !strcmp(want.password, given_password));
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

#endif
