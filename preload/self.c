/* SPDX-License-Identifier: MIT */
/* self: remember a whole path, because a relative one means nothing once the program has changed its directory. */
#include "self.h"
#include "core/base/scratch.h"

#include <dlfcn.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/pages.h"
#include "core/exec/elf.h"
#include "core/exec/preload_list.h"

/* What core/exec/library.h knows the file by. */
__asm__(".pushsection .note." ELF_NOTE
	", \"a\", %note\n"
	"	.balign 4\n"
	"	.long 2f - 1f, 0, 1\n"
	"1:	.asciz \"" ELF_NOTE
	"\"\n"
	"2:	.balign 4\n"
	"	.popsection");

EARLY static const char *captured;

static void capture_relative(const char *name, size_t n)
{
	SCRATCH(room);
	char *const path = scratch_take(&room, PATH_MAX);
	const size_t here = path && getcwd(path, PATH_MAX) ? strlen(path) : PATH_MAX;

	if (here + 1 + n > PATH_MAX)
		return;
	path[here] = '/';
	memcpy(path + here + 1, name, n);
	captured = env_keep(path, here + 1 + n);
}

static void capture(const char *name, size_t n)
{
	if (*name == '/' || *name == '$')
		captured = env_keep(name, n);
	else
		capture_relative(name, n);
}

/* Returns the list in LD_PRELOAD, or NULL. Does without libc, each of whose functions costs a page fault when a process starts. */
static const char *list_in(char *const env[])
{
	static const char name[] = "LD_PRELOAD=";
	size_t i = 0;

	for (; env && *env; env++, i = 0) {
		while (name[i] && (*env)[i] == name[i])
			i++;
		if (!name[i])
			return *env + i;
	}
	return NULL;
}

static bool has_slash(const char *entry, size_t n)
{
	while (n && entry[n - 1] != '/')
		n--;
	return n;
}

void self_capture(char *const env[])
{
	Dl_info self;
	size_t n;
	const char *entry = preload_list_ours(list_in(env), &n);

	captured = NULL;
	if (entry && has_slash(entry, n))
		capture(entry, n);
	else if (dladdr(&captured, &self) && self.dli_fname)
		capture(self.dli_fname, strlen(self.dli_fname));
}

const char *self_library(void)
{
	return captured;
}
