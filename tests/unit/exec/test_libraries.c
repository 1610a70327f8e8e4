/* SPDX-License-Identifier: MIT */
/* libraries: what this test program needs, and where the dynamic linker's cache has it. */
#include "core/exec/libraries.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/pages.h"
#include "tests/unit/tap.h"

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

TEST("names are compared as the cache is sorted: numbers by value")
{
	EXPECT(library_cache_compare("libc.so.6", "libc.so.6") == 0);
	EXPECT(sign(library_cache_compare("libx.so.10", "libx.so.9")) == 1);
	EXPECT(sign(library_cache_compare("libx.so.9", "libx.so.10")) == -1);
	EXPECT(sign(library_cache_compare("liba.so", "libb.so")) == -1);
	EXPECT(sign(library_cache_compare("lib1", "liba")) == 1);
	EXPECT(sign(library_cache_compare("lib", "lib1")) == -1);
	EXPECT(sign(library_cache_compare("libx.so.1.2", "libx.so.1")) == 1);
}

static struct libraries *taken(void)
{
	static struct elf_scratch scratch;
	struct libraries *const l = pages_take(sizeof(*l));

	l->scratch = &scratch;
	return l;
}

static int open_self(void)
{
	return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
}

TEST("a program says which libraries it needs")
{
	struct libraries *const l = taken();
	const int fd = open_self();

	libraries_begin(l, fd);
	EXPECT(libraries_need(l, "libc.so"));
	EXPECT(!libraries_need(l, "libnosuch.so"));
	EXPECT(!libraries_find_go(l));
	close(fd);
	pages_free(l, sizeof(*l));
}

TEST("what is no ELF file, or no file, needs nothing")
{
	struct libraries *const l = taken();
	const int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	libraries_begin(l, fd);
	EXPECT(!needed_next(&l->needed, NULL));
	libraries_begin(l, -1);
	EXPECT(!needed_next(&l->needed, NULL));
	close(fd);
	pages_free(l, sizeof(*l));
}

TEST("every name in the cache is found by its name")
{
	FILE *list = popen("/sbin/ldconfig -p | sed -n 's/^\\t\\([^ ]*\\) .*x86-64) => \\(.*\\)/\\1 \\2/p'", "r");
	struct library_cache c;
	char name[256], path[256];
	const char *found;

	library_cache_open(&c);
	while (fscanf(list, "%255s %255s", name, path) == 2) {
		bool there = false;
		for (library_cache_find(&c, name); (found = library_cache_next(&c));)
			there = there || strcmp(found, path) == 0;
		EXPECT_STR(there ? name : "nowhere", name);
	}
	library_cache_find(&c, "libnosuch.so.1");
	EXPECT(!library_cache_next(&c));
	library_cache_close(&c);
	pclose(list);
}
