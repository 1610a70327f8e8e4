/* SPDX-License-Identifier: MIT */
/* udp_proxy: a SOCKS5 server with UDP ASSOCIATE that is the destination, too (it echoes), and misbehaves as told: udp_proxy ADDR:PORT [HOW]...
 * drop       every third answer is not sent            duplicate  every answer is sent twice
 * reorder    answers overtake each other               forge      lies first: cut off, fragments, garbage, from another address
 * die        closes everything after each third answer hang       the same, but the relay stays open and silent
 * zeros      the bound address is left open            name       it is a name
 * resolve    a name is answered from 10.99.0.1         slow       the reply to ASSOCIATE takes 200 ms
 * lie        names 10.99.0.1 as its address            elsewhere  its relay is at [fd73::1]
 * dead       nobody is at the relay, though its connection stays open
 * count      says "associations: N" on SIGUSR1         second     answers to "second" come from 10.99.0.1:4444 */
#include "tests/lib/common.h"

#include <poll.h>

enum { CONNS = 600 };

static struct conn {
	int control, relay, state;
	double due;
	struct sockaddr_storage client;
	socklen_t client_len;
	unsigned answers;
	char held[65536];
	ssize_t held_len;
} conns[CONNS];

static bool drop, duplicate, reorder, forge, die_, hang, zeros, name, resolve_, slow, second, lies, elsewhere, dead;
static int used; /* of conns, from the first: poll(2) takes no more descriptors than the process may have open */
static int stranger, associations;
static const char *where;

static void end(struct conn *c)
{
	close(c->control);
	if (c->relay >= 0)
		close(c->relay);
	c->control = c->relay = -1;
}

static void reply(struct conn *c)
{
	struct sockaddr_storage a;
	socklen_t len = address_parse(elsewhere ? "[fd73::1]:0" : where, &a);
	uint8_t out[64] = {5, 0, 0, 1};
	size_t n = 4;

	c->relay = socket(a.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	((struct sockaddr_in *)&a)->sin_port = 0;
	if (bind(c->relay, (struct sockaddr *)&a, len))
		die("bind");
	getsockname(c->relay, (struct sockaddr *)&a, &len);
	const struct sockaddr_in *v4 = (struct sockaddr_in *)&a;
	const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a;
	if (name) {
		out[3] = 3;
		memcpy(out + 4, "\x0aproxy.test", 11);
		n = 15;
	} else if (a.ss_family == AF_INET6) {
		out[3] = 4;
		memcpy(out + 4, zeros ? (const void *)&in6addr_any : &v6->sin6_addr, 16);
		n = 20;
	} else {
		memcpy(out + 4, zeros ? "\0\0\0\0" : lies ? "\x0a\x63\0\1" : (const void *)&v4->sin_addr, 4);
		n = 8;
	}
	memcpy(out + n, &v4->sin_port, 2);
	if (dead) {
		close(c->relay);
		c->relay = -1;
	}
	send(c->control, out, n + 2, MSG_NOSIGNAL);
	c->state = 2;
	associations++;
}

static void control(struct conn *c)
{
	uint8_t in[512];
	const ssize_t n = recv(c->control, in, sizeof(in), 0);

	if (n <= 0) {
		end(c);
		return;
	}
	if (c->state == 0) {
		send(c->control, "\5\0", 2, MSG_NOSIGNAL);
		c->state = 1;
	} else if (c->state == 1 && in[1] == 3) {
		if (slow) {
			c->state = 3;
			c->due = now() + 0.2;
		} else {
			reply(c);
		}
	} else {
		end(c);
	}
}

static void answer(struct conn *c, const void *bytes, ssize_t n)
{
	if (c->relay >= 0)
		sendto(c->relay, bytes, (size_t)n, 0, (struct sockaddr *)&c->client, c->client_len);
}

/* None of this may reach the application. */
static void lie(struct conn *c, const char *good, ssize_t n)
{
	char bad[65536];

	for (ssize_t cut = 0; cut < 10 && cut < n; cut++)
		answer(c, good, cut);
	memcpy(bad, good, (size_t)n);
	memcpy(bad + n - 1, "!", 1);
	sendto(stranger, bad, (size_t)n, 0, (struct sockaddr *)&c->client, c->client_len); /* well-formed, but not from the relay */
	sendto(stranger, "naked", 5, 0, (struct sockaddr *)&c->client, c->client_len);
	bad[2] = 1; /* a fragment */
	answer(c, bad, n);
	bad[2] = 0;
	bad[3] = 9; /* no such type */
	answer(c, bad, n);
	memcpy(bad, "\0\0\0\3\xff", 5); /* a name longer than the datagram */
	answer(c, bad, n < 100 ? n : 100);
	memcpy(bad, "\0\0\0\3\0", 5);
	answer(c, bad, n);
	memset(bad, 'x', sizeof(bad));
	answer(c, bad, 60000);
}

static void datagram(struct conn *c)
{
	char in[65536];

	c->client_len = sizeof(c->client);
	ssize_t n = recvfrom(c->relay, in, sizeof(in), 0, (struct sockaddr *)&c->client, &c->client_len);
	if (n < 10)
		return;
	if (in[3] == 3 && resolve_) {
		const size_t head = 7 + (size_t)in[4], port = head - 2;
		char port_bytes[2] = {in[port], in[port + 1]};
		memmove(in + 10, in + head, (size_t)n - head);
		n -= (ssize_t)head - 10;
		memcpy(in, "\0\0\0\1\x0a\x63\0\1", 8);
		memcpy(in + 8, port_bytes, 2);
	}
	if (second && n >= 16 && !memcmp(in + n - 6, "second", 6))
		memcpy(in, "\0\0\0\1\x0a\x63\0\1\x11\x5c", 10);
	if (n >= 17 && !memcmp(in + n - 7, "silence", 7))
		return;
	c->answers++;
	if (forge)
		lie(c, in, n);
	if (!(drop && c->answers % 3 == 0) && !reorder)
		answer(c, in, n);
	if (duplicate)
		answer(c, in, n);
	if (reorder && c->held_len == 0) {
		memcpy(c->held, in, (size_t)n);
		c->held_len = n;
	} else if (reorder) {
		answer(c, in, n);
		answer(c, c->held, c->held_len);
		c->held_len = 0;
	}
	if (die_ && c->answers % 3 == 0)
		end(c);
	if (hang && c->answers % 3 == 0) {
		c->relay = -1; /* leaks it on purpose: nobody reads there any more */
		end(c);
	}
}

static void told(int number)
{
	char text[64];

	(void)number;
	if (write(1, text, (size_t)snprintf(text, sizeof(text), "associations: %d\n", associations)) < 0)
		_exit(1);
}

static void welcome(int listener)
{
	const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	for (int i = 0; fd >= 0 && i < CONNS; i++)
		if (conns[i].control < 0) {
			conns[i].control = fd;
			conns[i].relay = -1;
			conns[i].state = 0;
			conns[i].answers = 0;
			conns[i].held_len = 0;
			used = i < used ? used : i + 1;
			return;
		}
	close(fd);
}

int main(int argc, char **argv)
{
	static struct pollfd polls[2 * CONNS + 1];

	for (int i = 2; i < argc; i++) {
		const char *h = argv[i];
		drop |= !strcmp(h, "drop"), duplicate |= !strcmp(h, "duplicate"), reorder |= !strcmp(h, "reorder");
		forge |= !strcmp(h, "forge"), die_ |= !strcmp(h, "die"), hang |= !strcmp(h, "hang"), zeros |= !strcmp(h, "zeros");
		name |= !strcmp(h, "name"), resolve_ |= !strcmp(h, "resolve"), slow |= !strcmp(h, "slow"), second |= !strcmp(h, "second");
		lies |= !strcmp(h, "lie"), elsewhere |= !strcmp(h, "elsewhere"), dead |= !strcmp(h, "dead");
	}
	for (int i = 0; i < CONNS; i++)
		conns[i].control = conns[i].relay = -1;
	signal(SIGUSR1, told);
	where = argv[1];
	const int listener = serve(where);
	struct sockaddr_storage a;
	address_parse(where, &a);
	stranger = socket(a.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (;;) {
		polls[0] = (struct pollfd){listener, POLLIN, 0};
		int wait = -1;
		for (int i = 0; i < used; i++) {
			polls[1 + 2 * i] = (struct pollfd){conns[i].control, POLLIN, 0};
			polls[2 + 2 * i] = (struct pollfd){conns[i].relay, POLLIN, 0};
			if (conns[i].state == 3 && conns[i].control >= 0)
				wait = 10;
		}
		if (poll(polls, 2 * used + 1, wait) < 0)
			continue;
		if (polls[0].revents)
			welcome(listener);
		for (int i = 0; i < used; i++) {
			if (conns[i].state == 3 && conns[i].control >= 0 && now() >= conns[i].due)
				reply(&conns[i]);
			if (polls[1 + 2 * i].revents && conns[i].control == polls[1 + 2 * i].fd)
				control(&conns[i]);
			if (polls[2 + 2 * i].revents && conns[i].relay >= 0 && conns[i].relay == polls[2 + 2 * i].fd)
				datagram(&conns[i]);
		}
	}
}
