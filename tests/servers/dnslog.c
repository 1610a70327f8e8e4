/* SPDX-License-Identifier: MIT */
/* dnslog: a DNS server that knows nothing and writes down every name it is asked for: dnslog ADDR:PORT LOG [silent]
 * silent: it does not even say so. */
#include "tests/lib/common.h"

int main(int argc, char **argv)
{
	struct sockaddr_storage a, from;
	uint8_t message[512];

	if (argc < 3)
		die("dnslog ADDR:PORT LOG");
	const socklen_t len = address_parse(argv[1], &a);
	const int fd = socket(a.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), log = open(argv[2], O_WRONLY | O_APPEND | O_CREAT, 0666);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (bind(fd, (struct sockaddr *)&a, len))
		die(argv[1]);
	puts("ready");
	fflush(stdout);
	for (;;) {
		socklen_t from_len = sizeof(from);
		const ssize_t n = recvfrom(fd, message, sizeof(message), 0, (struct sockaddr *)&from, &from_len);
		if (n < 13)
			continue;
		for (ssize_t at = 12; at < n && message[at]; at += message[at] + 1)
			dprintf(log, "%.*s.", message[at], (const char *)message + at + 1);
		dprintf(log, "\n");
		if (argc > 3)
			continue;
		message[2] |= 0x80;               /* an answer (RFC 1035, 4.1.1) ... */
		message[3] = (uint8_t)(0x80 | 3); /* ... of NXDOMAIN */
		sendto(fd, message, (size_t)n, 0, (struct sockaddr *)&from, from_len);
	}
}
