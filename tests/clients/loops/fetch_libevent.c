/* SPDX-License-Identifier: MIT */
/* fetch_libevent: fetch_libevent N HOST PORT: N bufferevents at once, each has a line echoed. Prints how many got theirs, and how many failed. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct event_base *base;
static int left, good, failed;

static void finish(struct bufferevent *b, int *count)
{
	++*count;
	bufferevent_free(b);
	if (--left == 0)
		event_base_loopbreak(base);
}

static void on_read(struct bufferevent *b, void *unused)
{
	char *line = evbuffer_readln(bufferevent_get_input(b), NULL, EVBUFFER_EOL_LF);

	(void)unused;
	if (line)
		finish(b, strcmp(line, "hello") ? &failed : &good);
	free(line);
}

static void on_event(struct bufferevent *b, short what, void *unused)
{
	(void)unused;
	if (what & BEV_EVENT_CONNECTED)
		bufferevent_write(b, "hello\n", 6);
	else
		finish(b, &failed);
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	const int n = left = atoi(argv[1]);
	base = event_base_new();
	for (int i = 0; i < n; i++) {
		struct bufferevent *b = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
		bufferevent_setcb(b, on_read, NULL, on_event, NULL);
		bufferevent_enable(b, EV_READ | EV_WRITE);
		bufferevent_socket_connect_hostname(b, NULL, AF_INET, argv[2], atoi(argv[3]));
	}
	event_base_dispatch(base);
	printf("by %s, good: %d, failed: %d\n", event_base_get_method(base), good, failed);
	return 0;
}
