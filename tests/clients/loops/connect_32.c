/* SPDX-License-Identifier: MIT */
/* connect_32: a program of 32 bits without any library: it says "hi" to 10.99.0.1:7, by socketcall(2) if it is given an argument, and
 * prints what it hears; with two arguments it asks for a socket that could send anything. Its status is the errno of what failed. */

/* A compiler that knows 32 bits may have no headers for them. */
enum { AF_INET = 2, AF_PACKET = 17, SOCK_STREAM = 1, SOCK_RAW = 3, SYS_SOCKET = 1, SYS_CONNECT = 3 };
enum { CALL_EXIT = 1, CALL_READ = 3, CALL_WRITE = 4, CALL_SOCKETCALL = 102, CALL_SOCKET = 359, CALL_CONNECT = 362 };

struct address {
	unsigned short family;
	unsigned char port[2], ip[4], zero[8];
};

static long call(long number, long a, long b, long c, long d)
{
	long rc;

	__asm__ volatile("int $0x80" : "=a"(rc) : "0"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(0) : "memory");
	return rc;
}

static long socketcall(long which, long a, long b, long c)
{
	long arguments[] = {a, b, c};

	return call(CALL_SOCKETCALL, which, (long)arguments, 0, 0);
}

static long make_socket(int old, int packet)
{
	if (packet)
		return socketcall(SYS_SOCKET, AF_PACKET, SOCK_RAW, 0);
	return old ? socketcall(SYS_SOCKET, AF_INET, SOCK_STREAM, 0) : call(CALL_SOCKET, AF_INET, SOCK_STREAM, 0, 0);
}

static long converse(int old, int packet)
{
	const struct address to = {AF_INET, {0, 7}, {10, 99, 0, 1}, {0}};
	char answer[2];
	const long fd = make_socket(old, packet);

	if (fd < 0)
		return fd;
	const long rc = old ? socketcall(SYS_CONNECT, fd, (long)&to, sizeof(to)) : call(CALL_CONNECT, fd, (long)&to, sizeof(to), 0);
	if (rc < 0)
		return rc;
	call(CALL_WRITE, fd, (long)"hi", 2, 0);
	const long n = call(CALL_READ, fd, (long)answer, sizeof(answer), 0);
	return n < 0 ? n : call(CALL_WRITE, 1, (long)answer, n, 0) - n;
}

__attribute__((used)) static void run(int argc)
{
	call(CALL_EXIT, -converse(argc > 1, argc > 2), 0, 0, 0);
}

__asm__(".globl _start\n_start:\n\tmov (%esp), %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall run");
