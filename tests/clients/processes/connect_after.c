/* SPDX-License-Identifier: MIT */
/* connect_after: connect_after CHANGE HOST PORT LINE: a program that becomes somebody else, goes to another root or forgets its environment,
 * and only then looks a name up, connects and has a line echoed. CHANGE: clearenv, setuid, setresuid, setreuid, seteuid, chroot */
#include "tests/lib/common.h"

enum { NOBODY = 65534 };

static int to_clearenv(void)
{
	return clearenv();
}
static int to_setuid(void)
{
	return setgid(NOBODY) || setuid(NOBODY);
}
static int to_setresuid(void)
{
	return setresuid(NOBODY, NOBODY, 0);
}
static int to_setreuid(void)
{
	return setreuid(NOBODY, NOBODY);
}
static int to_seteuid(void)
{
	return seteuid(NOBODY);
}
static int to_chroot(void)
{
	return chroot("/run");
}

static void change(const char *how)
{
	static const struct {
		const char *name;
		int (*to)(void);
	} changes[] = {{"clearenv", to_clearenv}, {"setuid", to_setuid},   {"setresuid", to_setresuid},
		       {"setreuid", to_setreuid}, {"seteuid", to_seteuid}, {"chroot", to_chroot}};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (!strcmp(how, changes[i].name) && !changes[i].to())
			return;
	die(how);
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	char text[256];

	if (argc != 5)
		die("connect_after CHANGE HOST PORT LINE");
	change(argv[1]);
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);
	if (say("connect", connect(fd, (struct sockaddr *)&to, len)))
		return 1;
	dprintf(fd, "%s\n", argv[4]);
	const ssize_t n = read(fd, text, sizeof(text));
	printf("answer: %.*s", n > 0 ? (int)n : 0, text);
	return 0;
}
