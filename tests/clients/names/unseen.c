/* SPDX-License-Identifier: MIT */
/* unseen: unseen HOW HOST: functions that look up or connect from inside libc
 * HOW: getnetbyname, getnetbyname_r, getnetbyaddr, gethostid, rcmd, rexec, ruserok, ivaliduser (of a list with HOST). Prints "HOW: found" or "HOW: no". */
#include "tests/lib/common.h"

int __ivaliduser(FILE *, uint32_t, const char *, const char *) __attribute__((weak)); /* newer glibc links nothing with it */

static bool is_valid(const char *host)
{
	FILE *const list = tmpfile();

	if (!list)
		die("tmpfile");
	fprintf(list, "%s a\n", host);
	rewind(list);
	return __ivaliduser && __ivaliduser(list, htonl(0xc0000202), "b", "a") == 0;
}

static bool found(const char *how, char *host)
{
	struct netent entry, *net = NULL;
	char buf[1024];
	int h_err;

	if (!strcmp(how, "getnetbyname"))
		return getnetbyname(host);
	if (!strcmp(how, "getnetbyname_r"))
		return getnetbyname_r(host, &entry, buf, sizeof(buf), &net, &h_err) == 0 && net;
	if (!strcmp(how, "getnetbyaddr"))
		return getnetbyaddr(0xc00002, AF_INET);
	if (!strcmp(how, "gethostid"))
		return gethostid();
	if (!strcmp(how, "rcmd"))
		return rcmd(&host, htons(514), "a", "b", "c", NULL) >= 0;
	if (!strcmp(how, "rexec"))
		return rexec(&host, htons(512), "a", "b", "c", NULL) >= 0;
	if (!strcmp(how, "ivaliduser"))
		return is_valid(host);
	return ruserok(host, 0, "a", "b") == 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("unseen HOW HOST");
	alarm(5);
	printf("%s: %s\n", argv[1], found(argv[1], argv[2]) ? "found" : "no");
	return 0;
}
