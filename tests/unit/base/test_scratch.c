/* SPDX-License-Identifier: MIT */
/* scratch: what is taken, given back, and left behind. */
#include "core/base/scratch.h"

#include <pthread.h>
#include <setjmp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tap.h"

/* Returns how much address space this process has, in pages. */
static long pages(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long n = 0;

	if (!f || fscanf(f, "%ld", &n) != 1)
		n = -1;
	if (f)
		fclose(f);
	return n;
}

static sigjmp_buf out;

/* Its frame is on the stack, as that of any function that we would interrupt, and not where AddressSanitizer puts frames. */
#define ON_STACK __attribute__((noinline, no_sanitize_address))

static ON_STACK void take_and_jump(size_t size)
{
	struct scratch s;

	memset(scratch_take(&s, size), 1, size);
	siglongjmp(out, 1);
}

static ON_STACK void take_in_child(size_t size)
{
	const pid_t child = vfork();

	if (child == 0) {
		struct scratch s;
		memset(scratch_take(&s, size), 1, size);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void jump_often(size_t size)
{
	for (volatile int i = 0; i < 1000; i++)
		if (sigsetjmp(out, 0) == 0)
			take_and_jump(size);
}

static void *take_one(void *size)
{
	struct scratch s;

	memset(scratch_take(&s, *(size_t *)size), 1, *(size_t *)size);
	scratch_give(&s);
	return NULL;
}

static const size_t sizes[] = {100, 5000, 100000};

TEST("memory in use twice is two pieces, and each keeps what it holds")
{
	for (size_t i = 0; i < 3; i++) {
		struct scratch a, b, c;
		char *first = scratch_take(&a, sizes[i]), *second = scratch_take(&b, sizes[i]);

		memset(first, 1, sizes[i]);
		memset(second, 2, sizes[i]);
		scratch_give(&a);
		memset(scratch_take(&c, sizes[i]), 3, sizes[i]);
		EXPECT(second[0] == 2 && second[sizes[i] - 1] == 2);
		scratch_give(&b);
		scratch_give(&c);
	}
}

TEST("giving back what was not there is nothing")
{
	struct scratch s;

	EXPECT(!scratch_take(&s, (size_t)1 << 60));
	scratch_give(&s);
	scratch_give(&s);
}

TEST("what a jump leaves behind is used again")
{
	SKIP_EMULATED("an emulator has pages of its own");
	for (size_t i = 0; i < 3; i++) {
		jump_often(sizes[i]);
		const long before = pages();
		jump_often(sizes[i]);
		EXPECT(pages() - before < 100);
	}
}

TEST("what a vfork child leaves behind is used again")
{
	for (size_t i = 0; i < 3; i++) {
		take_in_child(sizes[i]);
		const long before = pages();
		for (int n = 0; n < 300; n++)
			take_in_child(sizes[i]);
		EXPECT(pages() - before < 100);
	}
}

TEST("threads that end leave nothing behind")
{
	pthread_t thread;
	long before = 0;

	SKIP_EMULATED("an emulator has pages of its own");
	for (int n = 0; n < 300; n++) {
		pthread_create(&thread, NULL, take_one, (void *)&sizes[1]);
		pthread_join(thread, NULL);
		if (n == 10)
			before = pages();
	}
	EXPECT(pages() - before < 100);
}

TEST("many in use at once are all found again")
{
	struct scratch s[40];
	char *at[40];

	for (int i = 0; i < 40; i++)
		*(at[i] = scratch_take(&s[i], 10)) = (char)i;
	for (int i = 0; i < 40; i += 2)
		scratch_give(&s[i]);
	for (int i = 1; i < 40; i += 2) {
		EXPECT_INT(*at[i], i);
		scratch_give(&s[i]);
	}
}
