/* SPDX-License-Identifier: MIT */
#include "core/base/seqlock.h"

#include <pthread.h>

#include "tests/unit/tap.h"

TEST("what was never written cannot be read")
{
	struct seqlock s = {0};

	EXPECT(!seqlock_was_read(&s, seqlock_read(&s)));
}

TEST("what was written can be read, until it is written again")
{
	struct seqlock s = {0};

	EXPECT(seqlock_write(&s));
	seqlock_written(&s);
	const unsigned version = seqlock_read(&s);
	EXPECT(seqlock_was_read(&s, version));
	EXPECT(seqlock_write(&s));
	EXPECT(!seqlock_was_read(&s, version));
	seqlock_written(&s);
	EXPECT(!seqlock_was_read(&s, version));
	EXPECT(seqlock_was_read(&s, seqlock_read(&s)));
}

TEST("nobody reads, and nobody else writes, while it is written")
{
	struct seqlock s = {0};

	EXPECT(seqlock_write(&s));
	EXPECT(!seqlock_write(&s));
	EXPECT(!seqlock_was_read(&s, seqlock_read(&s)));
	seqlock_written(&s);
}

enum { WORDS = 16, TIMES = 100000 };

static struct seqlock shared;
static atomic_uint words[WORDS];
static atomic_bool over;

static void *write_them(void *unused)
{
	for (unsigned i = 1; i <= TIMES; i++) {
		if (!seqlock_write(&shared))
			continue;
		for (int w = 0; w < WORDS; w++)
			atomic_store_explicit(&words[w], i, memory_order_relaxed);
		seqlock_written(&shared);
	}
	over = true;
	return unused;
}

TEST("what was read is all of one writing")
{
	pthread_t writers[2];
	unsigned good = 0, torn = 0;

	for (int i = 0; i < 2; i++)
		pthread_create(&writers[i], NULL, write_them, NULL);
	while (!over || !good) {
		unsigned copy[WORDS];
		const unsigned version = seqlock_read(&shared);
		for (int w = 0; w < WORDS; w++)
			copy[w] = atomic_load_explicit(&words[w], memory_order_relaxed);
		if (!seqlock_was_read(&shared, version))
			continue;
		good++;
		for (int w = 1; w < WORDS; w++)
			torn += copy[w] != copy[0];
	}
	for (int i = 0; i < 2; i++)
		pthread_join(writers[i], NULL);
	EXPECT(good);
	EXPECT_INT(torn, 0);
}
