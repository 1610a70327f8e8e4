/* SPDX-License-Identifier: MIT */
/* room: room LIMIT N HOST PORT: with a soft limit of LIMIT descriptors, N nonblocking connects at once, and how many files a program can
 * open beside them. */
#include "tests/lib/common.h"

#include <sys/resource.h>

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	struct rlimit l;
	int dials = 0, files = 0, highest = 0, fd;

	if (argc < 5)
		die("room LIMIT N HOST PORT");
	const socklen_t len = resolve(argv[3], argv[4], AF_INET, &to);
	getrlimit(RLIMIT_NOFILE, &l);
	l.rlim_cur = (rlim_t)atoi(argv[1]);
	say("limit", setrlimit(RLIMIT_NOFILE, &l));
	for (int i = 0; i < atoi(argv[2]); i++) {
		fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		dials += fd >= 0 && connect(fd, (struct sockaddr *)&to, len) && errno == EINPROGRESS;
	}
	while ((fd = open("/dev/null", O_RDONLY)) >= 0) {
		files++;
		highest = fd;
	}
	printf("dials: %d\nfiles: %d, up to %d: %s\n", dials, files, highest, error_name(errno));
	getrlimit(RLIMIT_NOFILE, &l);
	printf("limit: %d\n", (int)l.rlim_cur);
	return 0;
}
