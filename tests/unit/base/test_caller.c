/* SPDX-License-Identifier: MIT */
/* caller: the edges of what is mapped, and of what may be written. */
#include "core/base/caller.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#include "tests/unit/tap.h"

enum { PAGE = 4096 };

/* Where there never is memory; hidden from the compiler, which would object. */
static void *volatile nothing = (void *)8;

/* Returns a page for reading and writing, another for reading, and one that is nothing. */
static char *three_pages(void)
{
	char *at = mmap(NULL, 3 * (size_t)PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(at + PAGE, PAGE, PROT_READ);
	mprotect(at + 2 * PAGE, PAGE, PROT_NONE);
	return at;
}

TEST("memory can be read as far as it goes")
{
	char *at = three_pages(), to[16];

	EXPECT(caller_can_read(at, 2 * (size_t)PAGE));
	EXPECT(!caller_can_read(at, 2 * (size_t)PAGE + 1));
	EXPECT(caller_read(to, at + 2 * PAGE - 16, 16));
	EXPECT(!caller_read(to, at + 2 * PAGE - 15, 16));
	EXPECT(!caller_read(to, nothing, 1));
	EXPECT(!caller_read(to, NULL, 1));
	EXPECT(!caller_can_read(at, (size_t)-1));
	EXPECT(!caller_can_read(caller_nowhere(), 1));
}

TEST("memory that may only be read cannot be written")
{
	char *at = three_pages();

	EXPECT(caller_write(at + PAGE - 5, "12345", 5));
	EXPECT(memcmp(at + PAGE - 5, "12345", 5) == 0);
	EXPECT(!caller_write(at + PAGE - 5, "abcdef", 6));
	EXPECT(memcmp(at + PAGE - 5, "12345", 5) == 0);
	EXPECT(caller_can_read(at + PAGE, 1));
	EXPECT(!caller_can_write(at + PAGE, 1));
	EXPECT(!caller_can_write(at + 2 * PAGE, 1));
}

TEST("asking changes neither the memory nor errno")
{
	char *at = three_pages(), before[PAGE];

	memset(at, 0xa5, PAGE);
	memcpy(before, at, PAGE);
	errno = ENOTTY;
	EXPECT(caller_can_write(at + 1, 2));
	EXPECT(!caller_can_write(at + 2 * PAGE, 1));
	EXPECT_INT(errno, ENOTTY);
	EXPECT(memcmp(at, before, PAGE) == 0);
}

TEST("a string ends where it ends, or at the most")
{
	char *at = three_pages(), *const end = at + 2 * PAGE;

	mprotect(at + PAGE, PAGE, PROT_READ | PROT_WRITE);
	memcpy(end - 4, "abc", 4);
	EXPECT_INT(caller_length(end - 4, 100), 3);
	EXPECT_INT(caller_length(end - 4, 2), 2);
	EXPECT_INT(caller_length(at + PAGE - 1, 100), 0);
	memset(at, 'x', 2 * (size_t)PAGE);
	EXPECT_INT(caller_length(at + 1, 2 * (size_t)PAGE - 1), 2 * PAGE - 1);
	EXPECT_INT(caller_length(at + 1, 2 * (size_t)PAGE), -EFAULT);
	EXPECT_INT(caller_length(nothing, 1), -EFAULT);
	EXPECT_INT(caller_length(NULL, 1), -EFAULT);
}

TEST("a list of pointers has a NULL at its end")
{
	char *at = three_pages(), *few[] = {at, at, NULL}, **edge = (char **)(void *)(at + PAGE) - 2;

	mprotect(at + PAGE, PAGE, PROT_NONE);
	EXPECT_INT(caller_count(few), 2);
	EXPECT_INT(caller_count(NULL), 0);
	edge[0] = at;
	EXPECT_INT(caller_count(edge), 1);
	edge[1] = at;
	EXPECT_INT(caller_count(edge), -EFAULT);
	EXPECT_INT(caller_count(nothing), -EFAULT);
}

TEST("an address is no longer than any family's")
{
	struct sockaddr_storage from = {.ss_family = AF_INET}, copy = {0};

	EXPECT(caller_address(&copy, (struct sockaddr *)&from, 16));
	EXPECT_INT(copy.ss_family, AF_INET);
	EXPECT(caller_address(&copy, (struct sockaddr *)&from, sizeof(from)));
	EXPECT(!caller_address(&copy, (struct sockaddr *)&from, sizeof(from) + 1));
	EXPECT(!caller_address(&copy, (struct sockaddr *)&from, (socklen_t)-1));
	EXPECT(!caller_address(&copy, nothing, 2));
	EXPECT(caller_address(&copy, nothing, 0));
}

/* A thread's stack with nothing above but what libc keeps there. */
static void *on_thread(void *arg)
{
	char here[64] = "";

	(void)arg;
	EXPECT(caller_can_write(here, sizeof(here)));
	EXPECT(!caller_can_read(here, (size_t)1 << 40));
	return NULL;
}

TEST("the stack of a thread is known as far as it goes")
{
	pthread_t thread;

	pthread_create(&thread, NULL, on_thread, NULL);
	pthread_join(thread, NULL);
	on_thread(NULL);
}
