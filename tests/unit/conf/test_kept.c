/* SPDX-License-Identifier: MIT */
#include "conf/load/kept.h"

#include <stdint.h>

#include "test_config.h"

#define HERE ((void *)0x2abc00000000)

enum { SIZE = 1 << 20 };

/* Counts the words of the block that point to the program, its libraries, its stack or its heap. */
static int strays(const uintptr_t *block, size_t words)
{
	FILE *const maps = fopen("/proc/self/maps", "r");
	const uintptr_t first = (uintptr_t)block, past = first + words * sizeof(*block);
	unsigned long from, to;
	char line[512];
	int found = 0;

	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx", &from, &to) != 2 || (from >= first && to <= past) || !strpbrk(line, "/["))
			continue;
		for (size_t i = 0; i < words; i++)
			if (block[i] >= from && block[i] < to) {
				printf("# word %zu: %lx, in %s", i, (unsigned long)block[i], line);
				found++;
			}
	}
	EXPECT(maps && fclose(maps) == 0);
	return found;
}

static void expect_closed(void)
{
	struct text problems = {.at = problems_bytes, .size = sizeof(problems_bytes)};
	struct arena arena = arena_at(HERE, SIZE);

	EXPECT(arena.last == HERE);
	config_free(&config);
	problems_bytes[0] = '\0';
	EXPECT(config_read(&config, arena, &problems));
	EXPECT_STR(show(), "");
	const size_t size = arena_trim(&config.arena);
	EXPECT(size > 0);
	if (size)
		EXPECT_INT(strays(HERE, size / sizeof(uintptr_t)), 0);
}

TEST("nothing in a configuration's arena points out of it, so that another process can map it")
{
	SKIP_EMULATED("an emulator has its own mappings");
	enter();
	put("more.ini", 0600, "[rule more]\nhost = a.example\nvia = q\n", 36);
	put("secret", 0600, "pw\n", 3);
	ini("[socksify]\ninclude = more.ini\nchain = c\nlog_file = log\n[proxy p]\nurl = socks5://h\n[proxy q]\nurl = http://u@h\n"
	    "password_file = secret\n[chain c]\nhops = p, q\n[chain d]\nhops = c\n"
	    "[rule r]\nhost = 10.0.0.0/8, fd00::/8, *.test, b.test, *\nport = 1-2\nprogram = x*\nprotocol = tcp\nvia = d\n"
	    "[rule s]\nhost = *.test\nvia = direct\n[rule t]\nport = 25\nvia = block\n");
	EXPECT_STR(load_with("SOCKSIFY_PROXY=socks5://u:p@h", "SOCKSIFY_RULES=x.test=direct;:26=block", NULL, NULL), "");
	expect_closed();
	leave();
	enter();
	EXPECT_STR(load_with("ALL_PROXY=socks://h", "NO_PROXY=a.test,10.0.0.0/8", "SOCKSIFY_CONFIG=", NULL), "");
	expect_closed();
	leave();
}
