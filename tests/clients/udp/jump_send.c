/* SPDX-License-Identifier: MIT */
/* jump_send: jump_send jump|cancel ADDR:PORT: while a datagram waits for its proxy, a handler jumps out, or the thread is cancelled. Then another
 * thread sends on the same socket and prints what comes back. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <setjmp.h>
#include <sys/time.h>

static struct sockaddr_storage to;
static socklen_t len;
static int fd;
static sigjmp_buf out;

static void handler(int number)
{
	(void)number;
	siglongjmp(out, 1);
}

static void *send_one(void *bytes)
{
	sendto(fd, bytes, strlen(bytes), 0, (struct sockaddr *)&to, len);
	return bytes;
}

static void jump(void)
{
	const struct itimerval soon = {.it_value = {0, 50000}};

	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (sigsetjmp(out, 1) == 0)
		send_one("early");
	else
		puts("jumped");
}

static void cancel(void)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, send_one, "early");
	usleep(50000);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	puts(result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
}

int main(int argc, char **argv)
{
	const struct timeval patience = {.tv_sec = 5};
	char answer[64] = "";
	pthread_t thread;

	if (argc < 3)
		die("jump_send jump|cancel ADDR:PORT");
	setbuf(stdout, NULL);
	len = address_parse(argv[2], &to);
	fd = socket(to.ss_family, SOCK_DGRAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (strcmp(argv[1], "jump") == 0)
		jump();
	else
		cancel();
	pthread_create(&thread, NULL, send_one, "late");
	for (ssize_t n = 0; n >= 0 && strcmp(answer, "late"); answer[n > 0 ? n : 0] = '\0')
		n = recv(fd, answer, sizeof(answer) - 1, 0);
	pthread_join(thread, NULL);
	printf("answer: %s\n", answer);
	return 0;
}
