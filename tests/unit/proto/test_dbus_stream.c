/* SPDX-License-Identifier: MIT */
/* What a client says to a message bus: followed wherever it is cut, and what is made of anything that may be said. */
#include "core/proto/dbus_stream.h"

#include <stdlib.h>

#include "tests/unit/tap.h"

enum { PATH = 1, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE };
enum { CALL = 1, RETURN, ERROR, SIGNAL };

static const char *const names[] = {"org.freedesktop.resolve1", "/org/freedesktop/resolve1", "org.freedesktop.Avahi", NULL};
static const char hello[] = "\0AUTH EXTERNAL 30\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";

/* What is said. */
struct said {
	uint8_t at[8192];
	size_t n, begun; /* begun: where the message begins that is being written */
	bool big;
};

static void put(struct said *s, const void *bytes, size_t n)
{
	memcpy(s->at + s->n, bytes, n);
	s->n += n;
}

static void put_u32_at(struct said *s, size_t at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		s->at[at + (s->big ? 3 - i : i)] = (uint8_t)(value >> 8 * i);
}

static void align(struct said *s)
{
	while ((s->n - s->begun) % 8)
		s->at[s->n++] = 0;
}

static void message(struct said *s, int type, bool big)
{
	s->begun = s->n;
	s->big = big;
	put(s, (const uint8_t[16]){big ? 'B' : 'l', (uint8_t)type, 0, 1}, 16);
	put_u32_at(s, s->begun + 8, 7);
}

static void field(struct said *s, int code, const char *text)
{
	align(s);
	const size_t n = strlen(text);
	put(s, (const uint8_t[]){(uint8_t)code, 1, code == PATH ? 'o' : 's', 0, 0, 0, 0, 0}, 8);
	put_u32_at(s, s->n - 4, (uint32_t)n);
	put(s, text, n + 1);
}

static void body(struct said *s, const char *text)
{
	align(s);
	put(s, (const uint8_t[]){SIGNATURE, 1, 'g', 0, 1, 's', 0}, 7);
	put_u32_at(s, s->begun + 12, (uint32_t)(s->n - s->begun - 16));
	align(s);
	put_u32_at(s, s->begun + 4, (uint32_t)strlen(text) + 5);
	put(s, "    ", 4);
	put_u32_at(s, s->n - 4, (uint32_t)strlen(text));
	put(s, text, strlen(text) + 1);
}

static void call(struct said *s, bool big, const char *destination, const char *path, const char *interface)
{
	message(s, CALL, big);
	field(s, PATH, path);
	field(s, DESTINATION, destination);
	if (interface)
		field(s, INTERFACE, interface);
	field(s, MEMBER, "ResolveHostname");
	body(s, "org.freedesktop.resolve1");
}

static struct said begun(void)
{
	struct said s = {.n = 0};

	put(&s, hello, sizeof(hello) - 1);
	return s;
}

/* How many names are found when no more than `piece` bytes are read at a time, from a copy that ends where they end; -1: not D-Bus. */
static int found_by(struct dbus_stream *d, const uint8_t *at, size_t n, size_t piece)
{
	int found = 0;
	const char *name;

	for (size_t i = 0; i < n;) {
		const size_t k = n - i < piece ? n - i : piece;
		uint8_t *const copy = malloc(k);
		if (!copy)
			abort();
		memcpy(copy, at + i, k);
		const ssize_t rc = dbus_stream_read(d, copy, k, names, &name);
		free(copy);
		if (rc < 0)
			return -1;
		EXPECT(rc > 0 && (size_t)rc <= k && (name || (size_t)rc == k));
		i += (size_t)rc;
		if (!name)
			continue;
		found++;
		const size_t len = strlen(name);
		EXPECT(i < len || memcmp(at + i - len, name, len) == 0);
	}
	return found;
}

/* The same in pieces of every size, and cut in two at each byte. */
static void check(const struct said *s, int want)
{
	for (size_t piece = 1; piece <= s->n; piece++) {
		struct dbus_stream d = {0};
		EXPECT_INT(found_by(&d, s->at, s->n, piece), want);
	}
	for (size_t cut = 1; cut < s->n; cut++) {
		struct dbus_stream d = {0};
		const int before = found_by(&d, s->at, cut, cut);
		EXPECT_INT(before + found_by(&d, s->at + cut, s->n - cut, s->n), want);
	}
}

TEST("a call is found by its destination, its path and its interface, in either byte order")
{
	for (int big = 0; big < 2; big++) {
		struct said s = begun();
		call(&s, big, "org.freedesktop.resolve1", "/org/freedesktop/resolve1", "org.freedesktop.resolve1.Manager");
		check(&s, 3);
		s = begun();
		call(&s, big, ":1.5", "/org/freedesktop/resolve1/link/_32", NULL);
		check(&s, 1);
		s = begun();
		call(&s, big, "org.freedesktop.Avahi", "/", "org.freedesktop.Avahi.Server2");
		check(&s, 2);
	}
}

TEST("a length that looks like a letter hides nothing")
{
	for (int big = 0; big < 2; big++) {
		char path[128] = "/org/freedesktop/resolve1/";
		for (size_t n = strlen(path); n < 120; n++) {
			path[n] = 'x';
			struct said s = begun();
			call(&s, big, ":1.5", path, NULL);
			struct dbus_stream d = {0};
			EXPECT_INT(found_by(&d, s.at, s.n, s.n), 1);
		}
	}
}

TEST("others are called, also those that have the name somewhere in theirs, and the name in a body is nobody's destination")
{
	struct said s = begun();

	call(&s, false, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus");
	call(&s, false, "org.freedesktop.resolve", "/org/freedesktop/resolv", "org.freedesktop.Avah");
	/* at a multiple of 8, and not */
	call(&s, true, "eight.8.org.freedesktop.Avahi", "/a/b/c/d/org/freedesktop/resolve1", "com.org.freedesktop.resolve1");
	check(&s, 0);
}

TEST("messages that follow each other are told apart, whatever their lengths")
{
	struct said s = begun();
	char text[32] = "";

	for (size_t n = 0; n < 9; n++) {
		text[n] = 'x';
		message(&s, CALL, n % 2);
		field(&s, DESTINATION, "com.example.Any");
		field(&s, MEMBER, text);
		body(&s, text);
		call(&s, n % 3, "org.freedesktop.resolve1", "/", NULL);
	}
	check(&s, 9);
}

TEST("a message may end with its fields, and have none")
{
	struct said s = begun();

	message(&s, CALL, false);
	message(&s, CALL, true);
	field(&s, DESTINATION, "org.freedesktop.Avahi");
	put_u32_at(&s, s.begun + 12, (uint32_t)(s.n - s.begun - 16));
	align(&s);
	call(&s, false, "org.freedesktop.resolve1", "/", NULL);
	check(&s, 2);
}

TEST("only calls are looked at: the service itself may answer and signal")
{
	for (int type = 0; type < 256; type++) {
		struct said s = begun();
		message(&s, type, false);
		field(&s, DESTINATION, "org.freedesktop.resolve1");
		body(&s, "x");
		call(&s, false, "org.freedesktop.Avahi", "/", NULL);
		struct dbus_stream d = {0};
		EXPECT_INT(found_by(&d, s.at, s.n, s.n), type == CALL ? 2 : 1);
	}
}

TEST("what cannot be D-Bus is said to be none")
{
	struct said s = begun();
	const size_t before = s.n;

	call(&s, false, "org.freedesktop.Avahi", "/", NULL);
	struct dbus_stream d = {0};
	EXPECT_INT(found_by(&d, (const uint8_t *)"GET / HTTP/1.0\r\n", 16, 16), -1); /* no NUL */
	d = (struct dbus_stream){0};
	EXPECT_INT(found_by(&d, (const uint8_t *)"\0AUTH\r\nl\1\0\1", 11, 11), -1); /* a message before BEGIN */
	for (size_t i = 0; i < 4; i += 3) {                                         /* the byte order, the version */
		struct said bad = s;
		bad.at[before + i] = 2;
		d = (struct dbus_stream){0};
		EXPECT_INT(found_by(&d, bad.at, bad.n, bad.n), -1);
	}
	for (size_t i = 4; i < 16; i += 8) { /* lengths beyond what the specification allows */
		struct said bad = s;
		put_u32_at(&bad, before + i, 0x08000001);
		d = (struct dbus_stream){0};
		EXPECT_INT(found_by(&d, bad.at, bad.n, bad.n), -1);
	}
}

TEST("BEGIN counts only as a line")
{
	static const char lines[] = "\0AUTH BEGIN\r\nBEGI\r\n\nBEGIN\r\n";
	struct said s = {.n = 0};

	put(&s, lines, sizeof(lines) - 1);
	call(&s, false, "org.freedesktop.resolve1", "/", NULL);
	check(&s, 1);
}

TEST("anything at all is read, the same in one piece and byte by byte")
{
	unsigned seed = 1;

	for (int i = 0; i < 20000; i++) {
		struct said s = begun();
		call(&s, i % 2, "org.freedesktop.resolve1", "/", "org.freedesktop.Avahi");
		for (int k = i % 8; k; k--)
			s.at[(size_t)rand_r(&seed) % s.n] = (uint8_t)(rand_r(&seed) >> 8);
		struct dbus_stream whole = {0}, bytewise = {0};
		EXPECT_INT(found_by(&whole, s.at, s.n, s.n), found_by(&bytewise, s.at, s.n, 1));
		EXPECT(whole.part == bytewise.part && whole.fields == bytewise.fields && whole.body == bytewise.body);
	}
}
