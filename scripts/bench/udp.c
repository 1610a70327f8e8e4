/* SPDX-License-Identifier: MIT */
/* udp: what a datagram costs: udp echo ADDR PORT WINDOW SECONDS [PROXY-ADDR PROXY-PORT]   packets a second, echoed, and us of CPU for each; with a proxy: encapsulated here
 *                            udp direct ADDR PORT SECONDS     ns for a sendto and the recvfrom of it
 *                            udp pipe SECONDS                 ns for a write of one byte and the read of it */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 512, HEADER = 10 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct sockaddr_in address(const char *ip, const char *port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr.s_addr = inet_addr(ip)};
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* The least that a program has to do to go through a SOCKS5 relay by itself. */
static struct sockaddr_in associate(const struct sockaddr_in *proxy)
{
	uint8_t in[10];
	struct sockaddr_in relay = *proxy;
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (const struct sockaddr *)proxy, sizeof(*proxy)) || send(fd, "\5\1\0", 3, 0) != 3 ||
	    recv(fd, in, 2, MSG_WAITALL) != 2 || send(fd, "\5\3\0\1\0\0\0\0\0\0", 10, 0) != 10 || recv(fd, in, 10, MSG_WAITALL) != 10 ||
	    in[1])
		die("associate");
	memcpy(&relay.sin_addr, in + 4, 4);
	memcpy(&relay.sin_port, in + 8, 2);
	return relay;
}

static void echo(char **argv, const struct sockaddr_in *proxy)
{
	struct sockaddr_in to = address(argv[2], argv[3]);
	const int window = atoi(argv[4]);
	const double seconds = atof(argv[5]);
	uint8_t bytes[SIZE + HEADER] = {0, 0, 0, 1};
	const size_t skip = proxy ? 0 : HEADER;
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);
	long packets = 0;

	memcpy(bytes + 4, &to.sin_addr, 4);
	memcpy(bytes + 8, &to.sin_port, 2);
	if (proxy)
		to = associate(proxy);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_usec = 200000}, sizeof(struct timeval));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	if (send(fd, bytes + skip, sizeof(bytes) - skip, 0) < 0 || recv(fd, bytes + skip, sizeof(bytes) - skip, 0) < 0)
		die("first datagram");
	for (int i = 0; i < window; i++)
		send(fd, bytes + skip, sizeof(bytes) - skip, 0);
	struct timespec used;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	const double cpu = (double)used.tv_sec * 1e9 + (double)used.tv_nsec, begun = now();
	while (now() - begun < seconds) {
		if (recv(fd, bytes + skip, sizeof(bytes) - skip, 0) > 0)
			packets++;
		send(fd, bytes + skip, sizeof(bytes) - skip, 0);
	}
	const double rate = (double)packets / (now() - begun);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	printf("%.0f %.2f\n", rate, ((double)used.tv_sec * 1e9 + (double)used.tv_nsec - cpu) / 1e3 / (double)packets);
}

static void direct(char **argv)
{
	struct sockaddr_in to = address(argv[2], argv[3]), from;
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char bytes[16] = "";
	double best = 1e9;

	if (bind(fd, (struct sockaddr *)&to, sizeof(to))) /* its own echo */
		die("bind");
	const double end = now() + atof(argv[4]);
	while (now() < end) {
		const double begun = now();
		for (int i = 0; i < 500; i++) {
			socklen_t len = sizeof(from);
			sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, sizeof(to));
			recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len);
		}
		const double ns = (now() - begun) * 1e9 / 500;
		best = ns < best ? ns : best;
	}
	printf("%.1f\n", best);
}

static void piped(char **argv)
{
	int pair[2];
	char byte = 0;
	double best = 1e9;

	if (pipe(pair))
		die("pipe");
	const double end = now() + atof(argv[2]);
	while (now() < end) {
		const double begun = now();
		for (int i = 0; i < 500; i++)
			if (write(pair[1], &byte, 1) != 1 || read(pair[0], &byte, 1) != 1)
				die("pipe");
		const double ns = (now() - begun) * 1e9 / 500;
		best = ns < best ? ns : best;
	}
	printf("%.1f\n", best);
}

/* The calls alone, with hardly any kernel behind them: a descriptor that is none, a datagram that is too long. */
static void nothing(char **argv)
{
	struct sockaddr_in to = address("127.0.0.1", "9");
	static char bytes[65536];
	char byte = 0;
	double best[2] = {1e9, 1e9};
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	const double end = now() + atof(argv[2]);
	while (now() < end) {
		double begun = now();
		for (int i = 0; i < 2000; i++)
			if (read(-1, &byte, 1) != -1)
				die("read");
		double ns = (now() - begun) * 1e9 / 5000;
		best[0] = ns < best[0] ? ns : best[0];
		begun = now();
		for (int i = 0; i < 2000; i++)
			if (sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, sizeof(to)) != -1)
				die("sendto");
		ns = (now() - begun) * 1e9 / 5000;
		best[1] = ns < best[1] ? ns : best[1];
	}
	printf("%.1f %.1f\n", best[0], best[1]);
}

int main(int argc, char **argv)
{
	if (argc >= 6 && !strcmp(argv[1], "echo")) {
		const struct sockaddr_in proxy = argc >= 8 ? address(argv[6], argv[7]) : (struct sockaddr_in){0};
		echo(argv, argc >= 8 ? &proxy : NULL);
	} else if (argc >= 5 && !strcmp(argv[1], "direct")) {
		direct(argv);
	} else if (argc >= 3 && !strcmp(argv[1], "pipe")) {
		piped(argv);
	} else if (argc >= 3 && !strcmp(argv[1], "nothing")) {
		nothing(argv);
	} else {
		fputs("see the head of udp.c\n", stderr);
		return 2;
	}
}
