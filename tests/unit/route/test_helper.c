/* SPDX-License-Identifier: MIT */
/* helper: where a proxy that needs the launcher is reached. */
#include "core/base/env.h"
#include "core/route/helper.h"
#include "tests/unit/tap.h"

static struct addr address(const char *url, const char *variable)
{
	char *const environment[] = {(char *)(uintptr_t)variable, NULL};
	struct proxy p;
	TEXT(problem, 256);

	env_capture(environment);
	EXPECT(proxy_parse(&p, url, &problem));
	return helper_address(&p);
}

TEST("an ordinary proxy is at its own address, whatever the launcher says")
{
	const struct addr a = address("socks5://192.0.2.1", HELPER_VARIABLE "=/run/x");

	EXPECT_INT(a.kind, ADDR_IPV4);
	EXPECT_INT(a.port, 1080);
}

TEST("one that needs the launcher is at a socket of its own, and nowhere without a launcher")
{
	const struct addr a = address("ssh://gw", HELPER_VARIABLE "=/run/x"), b = address("ssh://me@gw", HELPER_VARIABLE "=/run/x");

	EXPECT_INT(a.kind, ADDR_UNIX);
	EXPECT(strncmp(a.name, "/run/x/", 7) == 0);
	EXPECT(strcmp(a.name, b.name) != 0);
	EXPECT_STR(address("ssh://gw/", HELPER_VARIABLE "=/run/x").name, a.name);
	EXPECT_INT(address("ssh://gw", "HOME=/").kind, ADDR_NONE);
}

TEST("a path too long for a socket is none")
{
	char variable[200] = HELPER_VARIABLE "=/";

	memset(variable + strlen(variable), 'a', 120);
	EXPECT_INT(address("ssh://gw", variable).kind, ADDR_NONE);
}
