/* SPDX-License-Identifier: MIT */
/* What /etc/hosts itself says is the machine's affair; these are the promises that hold whatever it says. */
#include "core/names/hosts.h"

#include <unistd.h>

#include "tests/unit/tap.h"

static struct host host;

static bool has(const char *address)
{
	struct addr a;

	EXPECT(addr_parse_host(&a, address, strlen(address)));
	for (int i = 0; i < host.n; i++)
		if (addr_equal(&host.addresses[i], &a))
			return true;
	return false;
}

TEST("what is below localhost is this machine, in both families")
{
	EXPECT(hosts_find("nowhere.LOCALHOST", &host));
	EXPECT(has("::1") && has("127.0.0.1"));
	EXPECT_INT(host.n, 2);
	EXPECT_STR(host.canonical, "nowhere.LOCALHOST");
	EXPECT(!host.by_dns);
}

TEST("localhost and this machine's own name need no name server")
{
	char own[256] = "";

	EXPECT(hosts_find("localhost", &host));
	EXPECT(gethostname(own, sizeof own - 1) == 0);
	EXPECT(hosts_find(own, &host));
	EXPECT(host.n > 0);
}

TEST("any other name is not known here")
{
	char name[ADDR_NAME_MAX + 2];

	EXPECT(!hosts_find("nowhere.invalid", &host));
	EXPECT(!hosts_find("localhost.invalid", &host));
	EXPECT(!hosts_find("", &host));
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	EXPECT(!hosts_find(name, &host));
}

TEST("an address that nobody wrote down has no name")
{
	const struct addr a = {.kind = ADDR_IPV6, .ip = {0x20, 1, 0xd, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};

	EXPECT(!hosts_name(&a, &host));
	EXPECT_INT(host.n, 0);
}
