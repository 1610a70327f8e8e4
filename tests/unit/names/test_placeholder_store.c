/* SPDX-License-Identifier: MIT */
/* What the table of names does as time passes, as it fills, and after accidents. */
#include "test_placeholder.h"

enum { NOW = 100000, SMALL = 256 };

static struct placeholder_file *table;

static void fresh(void)
{
	static struct placeholder_file *last;

	if (last)
		munmap(last, sizeof(*last));
	table = last = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	table->reserved = PLACEHOLDER_ENTRIES;
}

static const char *get(uint32_t number, uint32_t now)
{
	static char name[ADDR_NAME_MAX + 1];

	return placeholder_store_get(table, SMALL, number, name, now) ? name : NULL;
}

static uint32_t put(unsigned i, uint32_t now)
{
	return placeholder_store_put(table, SMALL, numbered(i), now);
}

static void fill(void)
{
	fresh();
	for (unsigned i = 1; i < SMALL; i++)
		EXPECT_INT(put(i, NOW), i);
}

TEST("when all numbers are in use and fresh there is none for another name")
{
	fill();
	EXPECT_INT(put(1000, NOW + 59), 0);
	for (unsigned i = 1; i < SMALL; i++)
		EXPECT_STR(get(i, NOW + 59), numbered(i));
}

TEST("after a minute the name used least recently makes room, the others stay")
{
	fill();
	for (unsigned i = 1; i < SMALL; i++)
		if (i != 77)
			get(i, NOW + 30);
	EXPECT_INT(put(1000, NOW + 61), 77);
	EXPECT_STR(get(77, NOW + 61), numbered(1000));
	EXPECT_STR(get(76, NOW + 61), numbered(76));
	EXPECT_INT(put(1001, NOW + 61), 0); /* the next is fresh still */
}

TEST("names before the one that makes room have another chance, until the search has gone round")
{
	fill();
	for (unsigned i = 1; i < SMALL; i++)
		if (i != 20)
			get(i, NOW + 10);
	EXPECT_INT(put(1000, NOW + 100), 20);
	for (unsigned i = 21; i < SMALL; i++)
		EXPECT_INT(put(1000 + i, NOW + 100), i);
	for (unsigned i = 1; i < 20; i++)
		EXPECT_INT(put(2000 + i, NOW + 100), i);
	EXPECT_INT(put(3000, NOW + 100), 0);
	EXPECT_INT(put(3000, NOW + 160), 0);
	EXPECT_INT(put(3000, NOW + 161), 20);
}

TEST("how many numbers are free or no longer fresh is told roughly")
{
	fresh();
	EXPECT(placeholder_store_spare(table, SMALL, NOW) > SMALL * 9 / 10);
	for (unsigned i = 1; i <= SMALL / 2; i++)
		put(i, NOW);
	const uint32_t half = placeholder_store_spare(table, SMALL, NOW + 60);
	EXPECT(half > SMALL * 4 / 10 && half < SMALL * 6 / 10);
	EXPECT(placeholder_store_spare(table, SMALL, NOW + 61) > SMALL * 9 / 10);
}

TEST("a name that is asked for again stays fresh")
{
	fill();
	EXPECT_INT(put(5, NOW + 50), 5);
	EXPECT(get(6, NOW + 50));
	for (unsigned i = 0; i < SMALL - 3; i++)
		EXPECT(put(2000 + i, NOW + 100));
	EXPECT_INT(put(3000, NOW + 100), 0);
	EXPECT_STR(get(5, NOW + 100), numbered(5));
	EXPECT_STR(get(6, NOW + 100), numbered(6));
}

TEST("a forgotten name gets a new number when it is asked for again")
{
	fill();
	for (unsigned i = 1; i < SMALL; i++)
		EXPECT(put(1000 + i, NOW + 61));
	EXPECT_INT(put(1, NOW + 61), 0);
	const uint32_t number = put(1, NOW + 122);
	EXPECT_STR(get(number, NOW + 122), numbered(1));
}

TEST("a thread that was held up does not take a name from the future for an old one")
{
	fill();
	for (unsigned i = 1; i < SMALL; i++)
		get(i, NOW + 40);
	EXPECT_INT(put(1000, NOW), 0);
}

TEST("names of an earlier start of the machine, whose clock was further on, make room")
{
	fill();
	EXPECT(put(1000, NOW - 50000));
}

TEST("a writer killed before its name was all there costs one number for a minute")
{
	fresh();
	EXPECT_INT(put(1, NOW), 1);
	table->marks[1] &= ~(uint64_t)1; /* as if it had not come to the last step */
	EXPECT(!get(1, NOW));
	EXPECT_INT(put(1, NOW), 2);
	for (unsigned i = 3; i < SMALL; i++)
		EXPECT_INT(put(i, NOW + 30), i);
	EXPECT_INT(put(1000, NOW + 61), 1);
}

TEST("a writer killed between taking a number and marking it costs that number until its turn comes")
{
	fresh();
	table->taken = 1;
	EXPECT_INT(put(2, NOW), 2);
	EXPECT(!get(1, NOW));
	for (unsigned i = 3; i < SMALL; i++)
		EXPECT_INT(put(i, NOW), i);
	EXPECT_INT(put(1000, NOW), 1);
}

TEST("a name that no bucket leads to still belongs to its number")
{
	fresh();
	EXPECT_INT(put(1, NOW), 1);
	memset(table->buckets, 0, sizeof(table->buckets));
	EXPECT_STR(get(1, NOW), numbered(1));
	EXPECT_INT(put(1, NOW), 2);
}

TEST("buckets that lead astray are passed over")
{
	fresh();
	EXPECT_INT(put(1, NOW), 1);
	for (int i = 0; i < PLACEHOLDER_BUCKETS; i++)
		for (int way = 0; way < PLACEHOLDER_WAYS; way++)
			table->buckets[i][way] = way % 3 == 0 ? 1 : way % 3 == 1 ? UINT32_MAX : PLACEHOLDER_ENTRIES;
	for (unsigned i = 2; i < SMALL; i++)
		EXPECT_INT(put(i, NOW), i);
	for (unsigned i = 1; i < SMALL; i++)
		EXPECT_INT(put(i, NOW), i);
}

TEST("a name that was spoilt is gone, not another")
{
	fresh();
	EXPECT_INT(put(1, NOW), 1);
	for (int bit = 0; bit < 64; bit++) {
		table->heads[1][1] ^= (uint64_t)1 << bit;
		const char *found = get(1, NOW);
		EXPECT(!found || bit % 8 == 5); /* the bit that tells upper from lower case */
		table->heads[1][1] ^= (uint64_t)1 << bit;
	}
	table->heads[1][0] ^= 1;
	EXPECT_INT(put(1, NOW), 2);
}

TEST("every number of the whole range can be handed out, and then the first again")
{
	enum { ALL = PLACEHOLDER_ENTRIES };
	char name[ADDR_NAME_MAX + 1];
	unsigned doubles = 0;

	fresh();
	for (unsigned i = 1; i < ALL; i++)
		EXPECT_INT(placeholder_store_put(table, ALL, numbered(i), NOW + i / 4096), i);
	for (unsigned i = 1; i < ALL; i++)
		EXPECT(placeholder_store_get(table, ALL, i, name, NOW) && strcmp(name, numbered(i)) == 0);
	EXPECT_INT(placeholder_store_put(table, ALL, "one.more", NOW + 32), 0);
	for (unsigned i = 0; i < 1000; i++)
		EXPECT_INT(placeholder_store_put(table, ALL, numbered(ALL + i), NOW + 61), i + 1);
	EXPECT_INT(placeholder_store_put(table, ALL, numbered(ALL), NOW + 61), 1);
	for (unsigned i = 8192; i < ALL; i++)
		doubles += placeholder_store_put(table, ALL, numbered(i), NOW + 61) != i;
	EXPECT(doubles < ALL / 100); /* those that were squeezed out of a crowded bucket */
}
