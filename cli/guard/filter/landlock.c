/* SPDX-License-Identifier: MIT */
/* landlock: a rule for each port. The kernel's structures stand here, for its headers may be older than it is. */
#include "cli/guard/filter/landlock.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utlist.h>

#include "core/base/sys.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum { ABI_WITH_TCP = 4, ASK_ABI = 1, NET_PORT = 2 };

static const uint64_t connect_tcp = 1 << 1;

struct ruleset {
	uint64_t handled_files, handled_network;
};

struct port_rule {
	uint64_t allowed, port;
} __attribute__((packed));

int landlock_lacks(struct text *problem)
{
	const long abi = sys_rc(syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_ABI));

	if (abi >= ABI_WITH_TCP)
		return 0;
	if (abi < 0)
		text_add(problem, "strict = yes needs Landlock, which this kernel does not have: %s", strerror((int)-abi));
	else
		text_add(problem, "strict = yes needs Landlock with rules for TCP, Linux 6.7, and this kernel has version %ld of it",
			 abi);
	return abi < 0 ? (int)abi : -ENOSYS;
}

static int allow(int ruleset, uint16_t port)
{
	const struct port_rule rule = {connect_tcp, port};

	return (int)sys_rc(syscall(SYS_landlock_add_rule, ruleset, NET_PORT, &rule, 0));
}

static int allow_proxies(int ruleset, const struct config *c)
{
	const struct proxy *p;
	int rc = 0;

	DL_FOREACH(c->proxies, p)
		if (rc == 0 && p->addr.kind != ADDR_UNIX && !proxy_can(p, PROXY_HELPED) && config_uses(c, p))
			rc = allow(ruleset, p->addr.port);
	return rc;
}

/* It wants the process to gain no privileges, or to be root. */
static int restrict_self(int ruleset)
{
	return (int)sys_rc(syscall(SYS_landlock_restrict_self, ruleset, 0));
}

int landlock_limit(const struct config *c)
{
	const struct ruleset all = {0, connect_tcp};
	const int ruleset = (int)sys_rc(syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0));

	if (ruleset < 0)
		return ruleset;
	int rc = allow_proxies(ruleset, c);
	rc = rc ? rc : restrict_self(ruleset);
	close(ruleset);
	return rc;
}
