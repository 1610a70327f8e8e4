/* SPDX-License-Identifier: MIT */
/* active_ftp: active_ftp HOST PORT FILE: fetch it as anonymous, and let the server connect to where the control connection is; prints it. */
#include "tests/lib/common.h"

static FILE *control;

/* Say a line, and wait for the answer that is wanted. */
static void talk(const char *line, const char *wanted)
{
	char answer[512];

	if (*line && (fprintf(control, "%s\r\n", line) < 0 || fflush(control)))
		die(line);
	do
		if (!fgets(answer, sizeof(answer), control))
			die(line);
	while (answer[3] == '-');
	if (strncmp(answer, wanted, strlen(wanted)) != 0) {
		fputs(answer, stderr);
		exit(1);
	}
}

/* Listen where the control connection is, and have it announced. */
static int announce(int fd)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	char line[128], text[INET6_ADDRSTRLEN];
	struct sockaddr_in *const v4 = (void *)&own;
	struct sockaddr_in6 *const v6 = (void *)&own;

	if (getsockname(fd, (struct sockaddr *)&own, &len))
		die("getsockname");
	v4->sin_port = 0; /* v6's place, too */
	const int listener = socket(own.ss_family, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&own, len))
		die("bind");
	if (getsockname(listener, (struct sockaddr *)&own, &len) || listen(listener, 1))
		die("listen");
	const bool ipv4 = own.ss_family == AF_INET;
	inet_ntop(own.ss_family, ipv4 ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr, text, sizeof(text));
	snprintf(line, sizeof(line), "EPRT |%d|%s|%u|", ipv4 ? 1 : 2, text, ntohs(v4->sin_port));
	talk(line, "200");
	return listener;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	char line[256], bytes[4096];

	if (argc < 4)
		die("active_ftp HOST PORT FILE");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&to, len))
		die("connect");
	control = fdopen(fd, "r+");
	setvbuf(control, NULL, _IONBF, 0);
	talk("", "220");
	talk("USER anonymous", "331");
	talk("PASS none", "230");
	const int listener = announce(fd);
	snprintf(line, sizeof(line), "RETR %s", argv[3]);
	talk(line, "1");
	const int data = accept(listener, NULL, NULL);
	for (ssize_t n; (n = read(data, bytes, sizeof(bytes))) > 0;)
		fwrite(bytes, 1, (size_t)n, stdout);
	talk("", "226");
	return 0;
}
