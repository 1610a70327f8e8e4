/* self: remember a whole path, because a relative one means nothing once the program has changed its directory. */
#include "self.h"

#include <dlfcn.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/exec/exec_env.h"
#include "core/exec/preload_list.h"

static char captured[PATH_MAX];

static void capture(const char *name, size_t n)
{
	char here[PATH_MAX];
	struct text t = {.at = captured, .size = sizeof(captured)};

	captured[0] = '\0';
	if (name[0] != '/' && name[0] != '$' && getcwd(here, sizeof(here)))
		text_add(&t, "%s/", here);
	text_add(&t, "%.*s", (int)n, name);
	if (t.cut)
		captured[0] = '\0';
}

void self_capture(char *const env[])
{
	Dl_info self;
	size_t n;
	const char *entry = preload_list_ours(exec_env_get(env, "LD_PRELOAD"), &n);

	if (entry && memchr(entry, '/', n))
		capture(entry, n);
	else if (dladdr(captured, &self) && self.dli_fname)
		capture(self.dli_fname, strlen(self.dli_fname));
}

const char *self_library(void)
{
	return captured[0] ? captured : NULL;
}
