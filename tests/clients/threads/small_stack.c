/* SPDX-License-Identifier: MIT */
/* small_stack: small_stack CALL ADDR:PORT NAME [BYTES [signal]]: make the call once, as the first of this program, on a stack of its own, and print how
 * much of it was used ("connect: 2912"). CALL: connect, nonblocking, getaddrinfo, gethostbyname, sendto, execvp, posix_spawnp, system.
 * With BYTES (otherwise 64 KiB) the stack is that large, with nothing below; with "signal" it is a signal's, whose handler makes the call. */
#include "tests/lib/common.h"

#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>

enum { PAINT = 0xa5, LARGE = 64 * 1024, GUARD = 4096 };

extern char **environ;

static struct sockaddr_storage to;
static socklen_t len;
static const char *name;
static int result;

static int stream(int type)
{
	return connect(socket(to.ss_family, SOCK_STREAM | type, 0), (struct sockaddr *)&to, len);
}

static int blocking(void)
{
	return stream(0);
}

static int nonblocking(void)
{
	return stream(SOCK_NONBLOCK) && errno == EINPROGRESS ? 0 : -1;
}

static int address(void)
{
	struct addrinfo *list;

	return getaddrinfo(name, "80", NULL, &list);
}

static int host(void)
{
	return gethostbyname(name) ? 0 : -1;
}

static int datagram(void)
{
	return sendto(socket(to.ss_family, SOCK_DGRAM, 0), "hello", 5, 0, (struct sockaddr *)&to, len) == 5 ? 0 : -1;
}

static int finished(pid_t child)
{
	int status = -1;

	return waitpid(child, &status, 0) == child ? status : -1;
}

static int program(void)
{
	char *const argv[] = {"true", NULL};
	const pid_t child = vfork();

	if (child == 0) {
		execvp("true", argv);
		_exit(1);
	}
	return finished(child);
}

static int spawned(void)
{
	char *const argv[] = {"true", NULL};
	pid_t child;

	return posix_spawnp(&child, "true", NULL, NULL, argv, environ) ? -1 : finished(child);
}

static int command(void)
{
	return system("true");
}

static const struct {
	const char *name;
	int (*make)(void);
} calls[] = {
	{"connect", blocking}, {"nonblocking", nonblocking}, {"getaddrinfo", address},  {"gethostbyname", host},
	{"sendto", datagram},  {"execvp", program},          {"posix_spawnp", spawned}, {"system", command},
};

static int (*chosen)(void);

static void run(void)
{
	result = chosen();
}

/* Returns how many bytes of a stack were written to. */
static size_t used(const unsigned char *stack, size_t size)
{
	size_t n = 0;

	while (n < size && stack[n] == PAINT)
		n++;
	return size - n;
}

static void handler(int signal)
{
	(void)signal;
	run();
}

static void run_in_handler(void *stack, size_t size)
{
	const struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};

	if (sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = size}, NULL) || sigaction(SIGUSR1, &action, NULL) || raise(SIGUSR1))
		die("sigaltstack");
}

static void run_on(void *stack, size_t size)
{
	static ucontext_t here, there;

	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = size;
	there.uc_link = &here;
	makecontext(&there, run, 0);
	swapcontext(&here, &there);
}

int main(int argc, char **argv)
{
	size_t size = LARGE;

	if (argc > 4)
		size = strtoul(argv[4], NULL, 10);
	for (size_t i = 0; argc > 3 && i < sizeof(calls) / sizeof(*calls); i++)
		if (strcmp(calls[i].name, argv[1]) == 0)
			chosen = calls[i].make;
	len = chosen ? address_parse(argv[2], &to) : 0;
	if (!len)
		die("small_stack CALL ADDR:PORT NAME [BYTES [signal]]");
	name = argv[3];
	unsigned char *const stack = (unsigned char *)mmap(NULL, GUARD + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + GUARD;
	mprotect(stack, size, PROT_READ | PROT_WRITE);
	memset(stack, PAINT, size);
	if (argc > 5)
		run_in_handler(stack, size);
	else
		run_on(stack, size);
	printf("%s: %zu\n", argv[1], used(stack, size));
	return result != 0;
}
