/* SPDX-License-Identifier: MIT */
#include <stdalign.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "tests/unit/tap.h"

TEST("what is taken is zeroed, aligned for any type, and apart from the rest")
{
	struct arena a = {0};

	for (size_t size = 1; size < 400; size++) {
		unsigned char *const p = arena_take(&a, size);
		EXPECT(p && (uintptr_t)p % alignof(max_align_t) == 0);
		for (size_t i = 0; i < size; i++)
			EXPECT(p[i] == 0);
		memset(p, 0xff, size);
	}
	arena_free(&a);
}

/* True if /proc/self/smaps says of the memory there that no core dump contains it. */
static bool is_left_out(const void *at)
{
	FILE *const f = fopen("/proc/self/smaps", "r");
	unsigned long first, last;
	bool here = false, out = false;
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &first, &last) == 2)
			here = first <= (uintptr_t)at && (uintptr_t)at < last;
		if (here && strncmp(line, "VmFlags:", 8) == 0)
			out = strstr(line, " dd");
	}
	fclose(f);
	return out;
}

TEST("core dumps leave it out, since passwords lie in it")
{
	struct arena a = {0}, there = arena_at((void *)0x210000000000, 1 << 20);

	SKIP_EMULATED("an emulator has its own mappings");
	EXPECT(is_left_out(arena_take(&a, 8)));
	EXPECT(is_left_out(arena_take(&there, 8)));
	EXPECT(!is_left_out(&a));
	arena_free(&a);
	arena_free(&there);
}

TEST("more than a block can be taken at once")
{
	struct arena a = {0};
	char *const small = arena_take(&a, 8);
	char *const large = arena_take(&a, 1000 * 1000);

	EXPECT(small && large);
	memset(large, 1, 1000 * 1000);
	EXPECT_INT(small[0], 0);
	arena_free(&a);
}

TEST("a copy ends in a NUL, wherever the original goes on")
{
	struct arena a = {0};

	EXPECT_STR(arena_copy(&a, "office, tor", 6), "office");
	EXPECT_STR(arena_copy(&a, "", 0), "");
	arena_free(&a);
}

TEST("an arena that was freed is empty and can be used again")
{
	struct arena a = {0};

	arena_free(&a);
	EXPECT(arena_take(&a, 1));
	arena_free(&a);
	EXPECT(!a.last);
	EXPECT(arena_take(&a, 1));
	arena_free(&a);
}
