/* SPDX-License-Identifier: MIT */
/* What the tests of the names share. */
#ifndef TESTS_UNIT_TEST_PLACEHOLDER_H
#define TESTS_UNIT_TEST_PLACEHOLDER_H

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/names/placeholder.h"
#include "core/names/placeholder_store.h"
#include "tests/unit/runtime.h"
#include "tests/unit/tap.h"

static const struct config ranges = {
	.placeholder_ipv4 = {.kind = ADDR_IPV4, .ip = {198, 18}},
	.placeholder_ipv4_prefix = 15,
	.placeholder_ipv6 = {.kind = ADDR_IPV6, .ip = {0xfd, 0x53}},
	.placeholder_ipv6_prefix = 64,
};

static inline struct addr named(const char *name)
{
	struct addr a = {.kind = ADDR_NAME, .port = 443};

	snprintf(a.name, sizeof(a.name), "%s", name);
	return a;
}

static inline const char *numbered(unsigned i)
{
	static char name[64];

	snprintf(name, sizeof(name), "host%u.example.com", i);
	return name;
}

#endif
