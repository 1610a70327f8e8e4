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
