/* SPDX-License-Identifier: MIT */
/* calls: the numbers of filter.def and waits.def. */
#include "cli/guard/guest/calls.h"

#include <linux/audit.h>
#include <stddef.h>

enum { X86_64, I386, AARCH64, ARM, ABIS, NONE = -1 };

/* Those of filter.def that never ask. */
enum { CALL_socket = CALL_other, CALL_io_uring_setup = CALL_other };

static const uint32_t arches[ABIS] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM};

static const struct {
	int number[ABIS];
	int socketcall;
	enum call call;
} rows[] = {
#define STOP(name, x86_64, i386, aarch64, arm, socketcall, what) {{x86_64, i386, aarch64, arm}, socketcall, (enum call)CALL_##name},
#include "cli/guard/filter/filter.def"
};

static const struct {
	int number[ABIS];
	enum call_waits how;
} waits[] = {
#define WAIT(name, x86_64, i386, aarch64, arm, how) {{x86_64, i386, aarch64, arm}, CALL_WAITS_##how},
#include "cli/guard/guest/waits.def"
};

static int abi_of(uint32_t arch)
{
	int abi = 0;

	while (abi < ABIS && arches[abi] != arch)
		abi++;
	return abi;
}

enum call call_of(const struct notice *r)
{
	const int abi = abi_of(r->arch);

	for (size_t i = 0; abi < ABIS && i < sizeof(rows) / sizeof(*rows); i++)
		if (r->number != NONE && rows[i].number[abi] == r->number)
			return rows[i].call;
	return CALL_other;
}

enum call_waits call_waits(uint32_t arch, long number)
{
	const int abi = abi_of(arch);

	for (size_t i = 0; abi < ABIS && number >= 0 && i < sizeof(waits) / sizeof(*waits); i++)
		if (waits[i].number[abi] == number)
			return waits[i].how;
	return CALL_WAITS_NOT;
}

int call_by_socketcall(const struct notice *r, int which)
{
	const int abi = abi_of(r->arch);

	for (size_t i = 0; abi < ABIS && i < sizeof(rows) / sizeof(*rows); i++)
		if (which != NONE && rows[i].socketcall == which)
			return rows[i].number[abi];
	return -1;
}

bool call_is_narrow(const struct notice *r)
{
	const int abi = abi_of(r->arch);

	return abi == I386 || abi == ARM;
}
