/* SPDX-License-Identifier: MIT */
/* tap: one promise per test, told in TAP (testanything.org, version 12). */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tap_test {
	const char *promise;
	void (*run)(void);
	struct tap_test *next;
};

static struct tap_test *tap_tests, **tap_last = &tap_tests;
static bool tap_failed;
static const char *tap_skipped; /* why */

#define TAP_JOIN_(a, b) a##b
#define TAP_JOIN(a, b) TAP_JOIN_(a, b)

/* TEST("what is promised") { EXPECT(...); } */
#define TEST(promise_)                                                                  \
	static void TAP_JOIN(test_, __LINE__)(void);                                    \
	__attribute__((constructor)) static void TAP_JOIN(add_, __LINE__)(void)         \
	{                                                                               \
		static struct tap_test t = {promise_, TAP_JOIN(test_, __LINE__), NULL}; \
		*tap_last = &t;                                                         \
		tap_last = &t.next;                                                     \
	}                                                                               \
	static void TAP_JOIN(test_, __LINE__)(void)

#define EXPECT(condition)                                                                \
	do {                                                                             \
		if (!(condition)) {                                                      \
			tap_failed = true;                                               \
			printf("# %s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
		}                                                                        \
	} while (0)

#define EXPECT_INT(got, want)                                                                             \
	do {                                                                                              \
		const long long got_ = (got), want_ = (want);                                             \
		if (got_ != want_) {                                                                      \
			tap_failed = true;                                                                \
			printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #got, got_, want_); \
		}                                                                                         \
	} while (0)

#define EXPECT_STR(got, want)                                                                                               \
	do {                                                                                                                \
		const char *got_ = (got), *want_ = (want);                                                                  \
		if (!got_ || strcmp(got_, want_) != 0) {                                                                    \
			tap_failed = true;                                                                                  \
			printf("# %s:%d: %s is '%s', not '%s'\n", __FILE__, __LINE__, #got, got_ ? got_ : "(null)", want_); \
		}                                                                                                           \
	} while (0)

/* Leave a test that cannot hold under qemu-user, which scripts/check.sh says runs us. */
#define SKIP_EMULATED(why)                                       \
	do {                                                     \
		tap_skipped = getenv("EMULATED") ? (why) : NULL; \
		if (tap_skipped)                                 \
			return;                                  \
	} while (0)

int main(void)
{
	int n = 0, failures = 0;

	for (struct tap_test *t = tap_tests; t; t = t->next) {
		tap_failed = false;
		tap_skipped = NULL;
		t->run();
		printf("%s %d - %s%s%s\n", tap_failed ? "not ok" : "ok", ++n, t->promise, tap_skipped ? " # skip " : "",
		       tap_skipped ? tap_skipped : "");
		failures += tap_failed;
	}
	printf("1..%d\n", n);
	return failures != 0;
}

#endif
