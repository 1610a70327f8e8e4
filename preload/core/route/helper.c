/* SPDX-License-Identifier: MIT */
/* helper: name a socket by a hash of its proxy's URL. */
#include "core/route/helper.h"

#include <string.h>
#include <sys/un.h>

#include "core/base/env.h"
#include "core/base/fnv.h"
#include "core/base/scratch.h"

void helper_path(const struct proxy *p, const char *directory, struct text *path)
{
	SCRATCH_TEXT(url, PROXY_TEXT);
	uint32_t hash = FNV_BASIS;

	proxy_text(p, &url);
	for (size_t i = 0; i < url.len; i++)
		hash = fnv_add(hash, (uint8_t)url.at[i]);
	text_add(path, "%s/%08x", directory, hash);
}

struct addr helper_address(const struct proxy *p)
{
	const char *const directory = env_get(HELPER_VARIABLE);
	struct addr a = {.kind = ADDR_UNIX};
	struct text path = {.at = a.name, .size = sizeof(((struct sockaddr_un *)0)->sun_path)};

	if (!proxy_can(p, PROXY_HELPED))
		return p->addr;
	if (!directory)
		return (struct addr){.kind = ADDR_NONE};
	helper_path(p, directory, &path);
	return path.cut ? (struct addr){.kind = ADDR_NONE} : a;
}
