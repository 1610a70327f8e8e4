/* SPDX-License-Identifier: MIT */
/* calls: what a notice is about, on each architecture. */
#include "cli/guard/guest/calls.c"

#include <stdlib.h>

#include "tests/unit/tap.h"

static enum call call_at(uint32_t arch, int number)
{
	return call_of(&(struct notice){.arch = arch, .number = number});
}

TEST("each architecture has numbers of its own")
{
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 42), CALL_connect);
	EXPECT_INT(call_at(AUDIT_ARCH_I386, 362), CALL_connect);
	EXPECT_INT(call_at(AUDIT_ARCH_AARCH64, 203), CALL_connect);
	EXPECT_INT(call_at(AUDIT_ARCH_ARM, 283), CALL_connect);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 44), CALL_sendto);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 46), CALL_sendmsg);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 307), CALL_sendmmsg);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 52), CALL_getpeername);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 55), CALL_getsockopt);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 54), CALL_setsockopt);
}

TEST("another architecture's number, and a call that does not exist there, is none")
{
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 362), CALL_other);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, -1), CALL_other);
	EXPECT_INT(call_at(AUDIT_ARCH_S390, 42), CALL_other);
}

TEST("a call that the filter decides by itself is none that a notice is about")
{
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 41), CALL_other);
}

TEST("a thread waits for a socket by its number, or for that among others")
{
	EXPECT_INT(call_waits(AUDIT_ARCH_X86_64, 45), CALL_WAITS_BY_NUMBER);
	EXPECT_INT(call_waits(AUDIT_ARCH_I386, 417), CALL_WAITS_BY_NUMBER);
	EXPECT_INT(call_waits(AUDIT_ARCH_AARCH64, 73), CALL_WAITS_AMONG_OTHERS);
	EXPECT_INT(call_waits(AUDIT_ARCH_ARM, 168), CALL_WAITS_AMONG_OTHERS);
	EXPECT_INT(call_waits(AUDIT_ARCH_X86_64, 202), CALL_WAITS_NOT); /* futex */
	EXPECT_INT(call_waits(AUDIT_ARCH_X86_64, -1), CALL_WAITS_NOT);
	EXPECT_INT(call_waits(AUDIT_ARCH_S390, 45), CALL_WAITS_NOT);
	EXPECT_INT(call_waits(AUDIT_ARCH_I386, 102), CALL_WAITS_AMONG_OTHERS); /* socketcall: the number lies in memory */
}

TEST("socketcall counts the calls in a way of its own, and means those of its architecture")
{
	const struct notice i386 = {.arch = AUDIT_ARCH_I386}, arm = {.arch = AUDIT_ARCH_ARM};

	EXPECT_INT(call_at(AUDIT_ARCH_I386, 102), CALL_socketcall);
	EXPECT_INT(call_at(AUDIT_ARCH_X86_64, 102), CALL_other);
	EXPECT_INT(call_by_socketcall(&i386, 3), 362);
	EXPECT_INT(call_by_socketcall(&i386, 1), 359);
	EXPECT_INT(call_by_socketcall(&i386, 20), 345);
	EXPECT_INT(call_by_socketcall(&arm, 3), 283);
	EXPECT_INT(call_by_socketcall(&i386, 9), -1);
	EXPECT_INT(call_by_socketcall(&i386, -1), -1);
}

TEST("programs of 32 bits have narrow pointers")
{
	EXPECT(call_is_narrow(&(struct notice){.arch = AUDIT_ARCH_I386}));
	EXPECT(call_is_narrow(&(struct notice){.arch = AUDIT_ARCH_ARM}));
	EXPECT(!call_is_narrow(&(struct notice){.arch = AUDIT_ARCH_X86_64}));
	EXPECT(!call_is_narrow(&(struct notice){.arch = AUDIT_ARCH_AARCH64}));
}
