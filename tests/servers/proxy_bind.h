/* SPDX-License-Identifier: MIT */
/* proxy_bind: BIND of the test proxy (RFC 1928, 4 and 6), and the ways to do it wrong. It listens for one peer where the client found the proxy. */
#ifndef TESTS_PROXY_BIND_H
#define TESTS_PROXY_BIND_H

#include "proxy_speech.h"

static void put_hex(struct conn *c, const char *hex)
{
	unsigned byte;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		put(c, (uint8_t[]){(uint8_t)byte}, 1);
}

static void put_bound(struct conn *c, const struct sockaddr_storage *a)
{
	const struct sockaddr_in *const in4 = (const void *)a;
	const struct sockaddr_in6 *const in6 = (const void *)a;

	if (c->kind[5] == '4') {
		put(c, (uint8_t[]){0, 0x5A}, 2);
		put(c, &in4->sin_port, 2);
		put(c, &in4->sin_addr, 4);
	} else if (a->ss_family == AF_INET) {
		put(c, (uint8_t[]){5, 0, 0, 1}, 4);
		put(c, &in4->sin_addr, 4);
		put(c, &in4->sin_port, 2);
	} else {
		put(c, (uint8_t[]){5, 0, 0, 4}, 4);
		put(c, &in6->sin6_addr, 16);
		put(c, &in6->sin6_port, 2);
	}
}

/* Say one of the two replies, or what is wanted instead: all of it, some of it, or nothing. */
static void say_bound(struct conn *c, const struct sockaddr_storage *a, const struct bind_reply *instead)
{
	if (instead->hex)
		put_hex(c, instead->hex);
	else
		put_bound(c, a);
	if (instead->cut >= 0 && (size_t)instead->cut < c->answer_len) {
		c->answer_len = (size_t)instead->cut;
		c->hang_up = true;
	}
	if (!instead->never)
		answer(c);
}

static void behave(void)
{
	want.first = want.second = (struct bind_reply){.cut = -1};
	want.unasked = false;
}

static void bind_for(struct conn *c)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (want.times >= 0 && want.times-- == 0)
		behave();
	getsockname(c->client, (struct sockaddr *)&at, &len);
	((struct sockaddr_in *)&at)->sin_port = 0; /* where that of AF_INET6 is, too */
	c->target = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bind(c->target, (struct sockaddr *)&at, len) || listen(c->target, 5) || getsockname(c->target, (struct sockaddr *)&at, &len))
		die("bind");
	c->state = BOUND;
	say_bound(c, &at, &want.first);
}

/* Somebody has come; what else the proxy has to say waits until the reply is out. */
static void peer_came(struct conn *c)
{
	struct sockaddr_storage from = {0};
	socklen_t len = sizeof(from);
	const int peer = accept4(c->target, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (peer < 0)
		return;
	close(c->target);
	c->target = peer;
	c->last = true;
	say_bound(c, &from, &want.second);
}

/* The first reply is out. */
static void await_peer(struct conn *c)
{
	if (want.unasked) {
		c->last = true;
		say_bound(c, &(struct sockaddr_storage){.ss_family = AF_INET}, &want.second);
	} else {
		watch(c, c->target, EPOLLIN);
	}
}

#endif
