/* SPDX-License-Identifier: MIT */
/* fuzz: a proxy's URL is anything at all; what it is shown as, reads back as the same proxy without its password. */
#include <stdlib.h>
#include <string.h>

#include "conf/proxy.h"

static bool same(const struct proxy *a, const struct proxy *b)
{
	return a->kind == b->kind && addr_equal(&a->addr, &b->addr) && strcmp(a->username, b->username) == 0;
}

static void read_back(const struct proxy *p)
{
	struct proxy again;
	TEXT(url, PROXY_TEXT);
	TEXT(problem, 1024);

	proxy_text(p, &url);
	if (url.cut || !proxy_read(&again, url.at, &problem) || !same(p, &again))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *const url = strndup((const char *)data, n);
	struct proxy p;
	TEXT(problem, 1024);

	if (proxy_parse(&p, url, &problem))
		read_back(&p);
	else if (!problem.len)
		abort();
	free(url);
	return 0;
}
