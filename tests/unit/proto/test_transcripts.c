/* SPDX-License-Identifier: MIT */
/* Every transcript of tests/transcripts, replayed in every way a network may deliver it. */
#include <glob.h>

#include "tests/transcripts/transcript.h"

static const size_t all = (size_t)-1;
static int tests, failures;

static void tell(const char *file, const struct transcript *t, const char *promise, const struct outcome *o, bool kept)
{
	const char *name = strrchr(file, '/');

	printf("%s %d - %s: %s: %s\n", kept ? "ok" : "not ok", ++tests, name ? name + 1 : file, t->title, promise);
	failures += !kept;
	if (!kept)
		printf("# it %s; %s at hop %zu; sent %zu, read %zu\n", o->fault ? o->fault : "has manners",
		       o->done ? "done"
		       : o->rc ? err_text(o->rc)
			       : "waiting",
		       o->at + 1, o->sent, o->read);
}

static struct outcome play(const struct transcript *t, const struct pace *p)
{
	const struct script s = {t->chain,
				 t->n_hops,
				 &t->target,
				 {(uint8_t *)t->client_bytes, t->client.len},
				 {(uint8_t *)t->server_bytes, t->server.len},
				 t->turns,
				 t->n_turns,
				 t->command,
				 t->then,
				 t->login.username[0] ? &t->login : NULL};

	return replay(&s, p);
}

static bool as_written(const struct transcript *t, const struct outcome *o)
{
	return !o->fault && o->rc == t->rc && o->done == !t->rc && o->at == t->hop && o->sent == t->client.len &&
	       (t->bound.kind == ADDR_NONE || addr_equal(&t->bound, &o->bound)) && (t->rc || o->read == t->server.len);
}

static size_t most(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Chunks longer than the longest message make no difference any more. */
static bool any_chunks(const struct transcript *t, const struct outcome *whole, struct outcome *o)
{
	const size_t longest = most(whole->longest_read, whole->longest_send);

	for (size_t n = 1; n <= longest; n++) {
		*o = play(t, &(struct pace){all, n, all, 0xff});
		if (!same_outcome(o, whole))
			return false;
		*o = play(t, &(struct pace){n, 1, all, '\n'});
		if (!same_outcome(o, whole))
			return false;
	}
	return true;
}

static bool any_truncation(const struct transcript *t, const struct outcome *whole, struct outcome *o)
{
	for (size_t n = 0; n < whole->read; n += n <= 1024 ? 1 : 97) {
		*o = play(t, &(struct pace){all, all, n, '\n'});
		if (o->fault || o->rc || o->done || o->read != n)
			return false;
	}
	return true;
}

/* The bytes that follow are there to be read together with the reply. */
static bool rest_unread(const struct transcript *t, const struct outcome *whole, struct outcome *o)
{
	struct transcript with_rest;

	memcpy(&with_rest, t, sizeof with_rest);
	with_rest.server.at = with_rest.server_bytes;
	if (!t->rest.len)
		buf_str(&with_rest.server, "\r\n\r\n\nSSH-2.0-OpenSSH_9.2p1\r\n");
	buf_put(&with_rest.server, t->rest_bytes, t->rest.len);
	if (t->n_turns)
		with_rest.turns[t->n_turns - 1].server = with_rest.server.len;
	*o = play(&with_rest, &(struct pace){all, all, all, 0});
	return same_outcome(o, whole);
}

static void check(const char *file, const struct transcript *t)
{
	const struct outcome whole = play(t, &(struct pace){all, all, all, 0});
	struct outcome o = whole;

	tell(file, t, "goes as written", &o, as_written(t, &whole));
	tell(file, t, "goes the same in chunks of any size", &o, any_chunks(t, &whole, &o));
	tell(file, t, "wants more wherever it is cut off", &o, any_truncation(t, &whole, &o));
	if (!t->then)
		tell(file, t, "leaves what follows unread", &o, rest_unread(t, &whole, &o));
}

static void check_file(const char *path)
{
	static struct transcript t;
	unsigned line = 0;
	int rc;
	FILE *f = fopen(path, "r");

	if (!f) {
		printf("not ok %d - cannot open '%s'\n", ++tests, path);
		failures++;
		return;
	}
	while ((rc = transcript_read(&t, f, &line)) > 0)
		check(path, &t);
	if (rc < 0) {
		printf("not ok %d - %s: line %u is not understood\n", ++tests, path, line);
		failures++;
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	glob_t found = {0};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++)
		check_file(argv[i]);
	if (argc < 2 && glob("tests/transcripts/*.txt", 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			check_file(found.gl_pathv[i]);
	globfree(&found);
	printf("1..%d\n", tests);
	return failures || !tests;
}
