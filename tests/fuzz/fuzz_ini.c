/* SPDX-License-Identifier: MIT */
/* fuzz: a configuration file says anything at all, and is then asked which way a name and an address go. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/names/placeholder.h"
#include "core/route/decide.h"

static void ask(const struct config *c)
{
	struct addr to[] = {{.kind = ADDR_NAME, .port = 443, .name = "www.example.com"},
			    {.kind = ADDR_IPV4, .port = 25, .ip = {192, 0, 2, 1}}};
	const struct app app = {c, "curl"};
	struct verdict v;

	placeholder_use(c);
	for (size_t i = 0; i < sizeof(to) / sizeof(*to); i++)
		if (decide(&app, &to[i], i, &v) == 0 && !v.route)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char path[64];
	static int fd = -1;
	char *const environment[] = {path, NULL};
	static struct config c;
	TEXT(problems, 4096);

	if (fd < 0)
		fd = memfd_create("socksify.ini", MFD_CLOEXEC);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, n, 0) != (ssize_t)n)
		abort();
	snprintf(path, sizeof(path), "SOCKSIFY_CONFIG=/proc/self/fd/%d", fd);
	env_capture(environment);
	const bool loaded = config_load(&c, &problems);
	if (loaded != !problems.len)
		abort();
	if (loaded)
		ask(&c);
	config_free(&c);
	return 0;
}
