/* SPDX-License-Identifier: MIT */
/* report: bytes for people, and columns. */
#include "cli/report/amount.c"
#include "cli/report/table.c"
#include "tests/unit/tap.h"

TEST("an amount has three figures at most")
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{0, "0 B"},      {999, "999 B"},     {1000, "1.0 kB"},   {1549, "1.5 kB"},    {9949, "9.9 kB"},
		{9950, "10 kB"}, {999499, "999 kB"}, {999500, "1.0 MB"}, {45000000, "45 MB"}, {UINT64_MAX, "18 EB"},
	};
	char text[AMOUNT];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		EXPECT_STR(amount(rows[i].bytes, text), rows[i].text);
}

static char printed[4096];

static void print_to_memory(struct table *t, size_t rows, size_t width)
{
	FILE *const to = fmemopen(printed, sizeof(printed), "w");

	table_print(t, to, rows, width);
	fclose(to);
}

static void fill(struct table *t)
{
	for (int i = 0; i < 200; i++) {
		table_row(t);
		table_cell(t, "%s", i % 2 ? "a" : "longer");
		table_cell(t, "%d", i * i);
		table_cell(t, "end");
	}
}

TEST("columns are as wide as their widest cell, flush left or right")
{
	struct table t = {.right = 1 << 1};

	fill(&t);
	print_to_memory(&t, 2, 0);
	EXPECT_STR(printed, "longer      0  end\na           1  end\n");
}

TEST("a narrow and low screen gets what fits")
{
	struct table t = {.right = 1 << 1};

	fill(&t);
	print_to_memory(&t, 1, 9);
	EXPECT_STR(printed, "longer   \n");
}

TEST("control characters do not reach a terminal")
{
	struct table t = {0};

	table_row(&t);
	table_cell(&t, "%s", "a\033[31m\n");
	print_to_memory(&t, 0, 0);
	EXPECT_STR(printed, "a?[31m?\n");
}
