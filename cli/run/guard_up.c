/* SPDX-License-Identifier: MIT */
/* guard_up: the guard above is known by its marker, and what it goes by by a hash of the choices that were made for it. */
#include "cli/run/guard_up.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/guard/guard.h"
#include "cli/guard/parent.h"
#include "conf/load/key.h"
#include "core/base/ascii.h"
#include "core/base/env.h"
#include "core/base/fnv.h"
#include "core/base/sys.h"
#include "core/exec/privilege.h"
#include "core/exec/reach.h"
#include "core/route/decide.h"

/* True if a variable has a part in where connections go: not the file, which is known by its name, nor what is logged. */
static bool chooses(const char *variable)
{
	TEXT(name, 24);

	for (const char *c = variable + strlen("SOCKSIFY_"); *c && *c != '='; c++)
		text_add(&name, "%c", ascii_lower(*c));
	if (strcmp(name.at, "proxy") == 0 || strcmp(name.at, "rules") == 0)
		return true;
	return key_find(SECTION_SOCKSIFY, name.at) && strncmp(name.at, "log", 3) != 0 && strncmp(name.at, "guard", 5) != 0;
}

/* The order of the variables does not matter. */
static uint32_t hash_of(const struct config *c)
{
	uint32_t hash = fnv_name(c->source);

	for (int i = 0; env_at(i); i++)
		if (chooses(env_at(i)))
			hash += fnv_name(env_at(i));
	return hash;
}

static uint32_t new_marker(void)
{
	uint32_t marker = 0;

	while (!sys_is_marker(marker))
		if (getrandom(&marker, sizeof(marker), 0) != sizeof(marker))
			return 0;
	return marker;
}

static bool promised(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* `taken`: the guard took the command's privileges. */
static bool tell(uint32_t marker, const struct config *c, bool taken, struct text *problem)
{
	char value[64];

	snprintf(value, sizeof(value), "%08x.%08x%s%s", marker, hash_of(c), taken ? PRIVILEGE_TAKEN : "", c->strict ? SYS_STRICT : "");
	privilege_heed(value);
	sys_heed_strict(value);
	if (setenv(SYS_MARKER, value, 1) == 0)
		return true;
	text_add(problem, "out of memory");
	return false;
}

/* The environment as it is now: this process itself may have put the guard up a moment ago. */
static const char *told(void)
{
	return getenv(SYS_MARKER);
}

/* One filter has one supervisor, so another configuration would need a second. */
static bool is_ours(uint32_t hash, struct text *problem)
{
	const char *const dot = strchr(told(), '.');

	if (dot && strtoul(dot + 1, NULL, 16) == hash)
		return true;
	text_add(problem, "another socksify's is above, which goes by another configuration");
	return false;
}

bool guard_is_required(const struct config *c)
{
	return c->guard == GUARD_REQUIRE || c->strict;
}

bool guard_is_of_use(const struct config *c)
{
	const struct app any = {.config = c};

	return guard_is_required(c) || (c->guard == GUARD_AUTO && !app_is_direct(&any) && !reach_is_waived());
}

bool guard_up(const struct config *c, struct text *problem)
{
	const uint32_t hash = hash_of(c);

	if (c->guard == GUARD_OFF && c->strict)
		text_add(problem, "guard = off, and strict = yes stands on one");
	if (c->guard == GUARD_OFF)
		return false;
	sys_mark(sys_marker_of(told()));
	privilege_heed(told());
	sys_heed_strict(told());
	if (sys_is_guarded())
		return is_ours(hash, problem);
	const uint32_t marker = new_marker();
	if (!marker) {
		text_add(problem, "no random numbers for its marker");
		return false;
	}
	const bool before = promised();
	if (guard_start(c, marker, problem) != 0)
		return false;
	return tell(marker, c, promised() && !before, problem);
}

bool guard_is_parent(void)
{
	return parent_is_there();
}

bool guard_up_with_privileges(const struct config *c, struct text *problem)
{
	if (geteuid() != 0 || !guard_up(c, problem))
		return false;
	if (!promised())
		return true;
	text_add(problem, "it would take the program's privileges");
	return false;
}
