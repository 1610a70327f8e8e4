/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/log_sink.h"
#include "tests/unit/tap.h"

/* Run `f` in a process of its own that the test outlives; true if it returned true within some seconds. */
static bool survives(bool (*f)(void))
{
	int status;
	fflush(stdout);
	const pid_t child = fork();

	if (!child) {
		alarm(10);
		_exit(f() ? 0 : 1);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Make `fd` number 2, as if the process had started so. */
static void start_with(int fd)
{
	dup2(fd, 2);
	log_sink_start();
}

static int file(void)
{
	return memfd_create("file", 0);
}

static const char *content(int fd)
{
	static char text[4096];
	const ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static bool no_reader(void)
{
	int pipes[2];

	pipe(pipes);
	start_with(pipes[1]);
	close(pipes[0]);
	log_line(LOG_ERROR, "nobody reads");
	return true;
}

TEST("a pipe that nobody reads raises no signal")
{
	EXPECT(survives(no_reader));
}

static bool keeps_the_programs_own(void)
{
	sigset_t pipe_signal, pending;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_signal, NULL);
	raise(SIGPIPE);
	no_reader();
	sigpending(&pending);
	return sigismember(&pending, SIGPIPE);
}

TEST("a signal that was pending is still pending after it")
{
	EXPECT(survives(keeps_the_programs_own));
}

static bool full_pipe(void)
{
	static const char much[65536];
	int pipes[2], flags;

	pipe(pipes);
	fcntl(pipes[1], F_SETFL, O_NONBLOCK);
	while (write(pipes[1], much, sizeof(much)) > 0)
		;
	fcntl(pipes[1], F_SETFL, 0);
	start_with(pipes[1]);
	log_line(LOG_ERROR, "no room");
	flags = fcntl(2, F_GETFL);
	return !(flags & O_NONBLOCK) && poll(&(struct pollfd){.fd = 2, .events = POLLOUT}, 1, 0) == 0;
}

TEST("a full pipe makes nobody wait, and stays a pipe that blocks")
{
	EXPECT(survives(full_pipe));
}

static bool stopped_terminal(void)
{
	int master, slave;

	openpty(&master, &slave, NULL, NULL, NULL);
	start_with(slave);
	tcflow(slave, TCOOFF);
	log_line(LOG_ERROR, "stopped");
	fcntl(master, F_SETFL, O_NONBLOCK);
	return read(master, &(char){0}, 1) < 0;
}

TEST("a terminal that is stopped makes nobody wait")
{
	EXPECT(survives(stopped_terminal));
}

static bool background(void)
{
	int master, slave, status;
	struct termios how;

	setsid();
	openpty(&master, &slave, NULL, NULL, NULL);
	ioctl(slave, TIOCSCTTY, 0);
	tcgetattr(slave, &how);
	how.c_lflag |= TOSTOP;
	tcsetattr(slave, TCSANOW, &how);
	start_with(slave);
	const pid_t child = fork();
	if (!child) {
		setpgid(0, 0);
		log_line(LOG_ERROR, "from the background");
		_exit(0);
	}
	waitpid(child, &status, WUNTRACED);
	kill(child, SIGKILL);
	return WIFEXITED(status) && poll(&(struct pollfd){.fd = master, .events = POLLIN}, 1, 0) == 1;
}

TEST("a terminal stops no process of the background for a line, and gets it")
{
	EXPECT(survives(background));
}

static bool limited_file(void)
{
	char path[] = "/tmp/test_log.XXXXXX";

	start_with(mkstemp(path));
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0});
	log_line(LOG_ERROR, "too much for stderr");
	log_use(LOG_ERROR, path, LOG_TEXT);
	log_line(LOG_ERROR, "too much for the file");
	unlink(path);
	return true;
}

TEST("a file at the limit of its size raises no signal")
{
	EXPECT(survives(limited_file));
}

static bool fifo(void)
{
	char path[] = "/tmp/test_log.XXXXXX";

	close(mkstemp(path));
	unlink(path);
	mkfifo(path, 0600);
	log_use(LOG_ERROR, path, LOG_TEXT);
	log_line(LOG_ERROR, "nobody has opened it");
	unlink(path);
	return true;
}

static bool stamped(void)
{
	char path[] = "/tmp/test_log.XXXXXX", text[4096] = "", at[64], tail[64];
	const int fd = mkstemp(path);
	const time_t now = time(NULL);

	log_program("pro\"gram");
	log_use(LOG_ERROR, path, LOG_TEXT);
	log_line(LOG_ERROR, "one");
	log_use(LOG_ERROR, path, LOG_JSON);
	log_line(LOG_ERROR, "t\"w\\o\n");
	unlink(path);
	strftime(at, sizeof(at), "socksify: %Y-%m-%dT%H:", gmtime(&now));
	snprintf(tail, sizeof(tail), "Z pro\"gram[%d]: one\n{\"time\":\"", (int)getpid());
	return pread(fd, text, sizeof(text) - 1, 0) > 0 && strncmp(text, at, strlen(at)) == 0 && strstr(text, tail) &&
	       strstr(text, "\",\"level\":\"error\",\"program\":\"pro\\\"gram\",\"pid\":") &&
	       strstr(text, ",\"message\":\"t\\\"w\\\\o?\"}\n");
}

TEST("a line in a file has time, program and process; as JSON, too")
{
	EXPECT(survives(stamped));
}

TEST("a refusal is an error the first time, for each reason")
{
	EXPECT_INT(log_refusal_level(-5000), LOG_ERROR);
	EXPECT_INT(log_refusal_level(-5000), LOG_INFO);
	EXPECT_INT(log_refusal_level(-5001), LOG_ERROR);
}

TEST("a log file that is a pipe without a reader makes nobody wait")
{
	EXPECT(survives(fifo));
}

static bool reused(void)
{
	int pair[2];
	const int fd = file();

	start_with(STDOUT_FILENO);
	dup2(fd, 2);
	log_line(LOG_ERROR, "not for the file");
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	dup2(pair[1], 2);
	log_line(LOG_ERROR, "not for the socket");
	return !*content(fd) && recv(pair[0], &(char){0}, 1, MSG_DONTWAIT) < 0;
}

TEST("number 2 gets nothing once it is another file")
{
	EXPECT(survives(reused));
}

static bool closed_at_start(void)
{
	close(2);
	log_sink_start();
	const int fd = file();
	dup2(fd, 2);
	log_line(LOG_ERROR, "not for the file");
	return !*content(fd);
}

TEST("number 2 gets nothing if the process started without one")
{
	EXPECT(survives(closed_at_start));
}

static bool at_exec(void)
{
	const int fd = file();

	start_with(STDOUT_FILENO);
	dup2(fd, 2);
	fcntl(2, F_SETFD, FD_CLOEXEC);
	log_line_at_exec("not for a file that the program would not get");
	fcntl(2, F_SETFD, 0);
	log_line_at_exec("cannot run '%s'", "it");
	return strcmp(content(fd), "socksify: cannot run 'it'\n") == 0;
}

TEST("what is said in place of a program goes to what would be its stderr")
{
	EXPECT(survives(at_exec));
}

static bool between_writes(void)
{
	const int fd = file();

	start_with(fd);
	write(2, "a\n", 2);
	log_line(LOG_ERROR, "b");
	write(2, "c\n", 2);
	return strcmp(content(fd), "a\nsocksify: b\nc\n") == 0;
}

TEST("a line in a file that 2 shares follows what was written before, and what is written later follows it")
{
	EXPECT(survives(between_writes));
}

static bool pipe_gets_it(void)
{
	char text[64] = "";
	int pipes[2];

	pipe(pipes);
	start_with(pipes[1]);
	const int lowest = dup(2);
	close(lowest);
	log_line(LOG_ERROR, "hello");
	const bool none_left = dup(2) == lowest;
	read(pipes[0], text, sizeof(text) - 1);
	return none_left && strcmp(text, "socksify: hello\n") == 0;
}

TEST("a pipe gets its line, and no descriptor stays")
{
	EXPECT(survives(pipe_gets_it));
}

static bool read_only(void)
{
	int pipes[2];

	pipe(pipes);
	start_with(pipes[0]);
	log_line(LOG_ERROR, "not into the program's own pipe");
	return poll(&(struct pollfd){.fd = pipes[0], .events = POLLIN}, 1, 0) == 0;
}

TEST("number 2 that can only be read is not written to")
{
	EXPECT(survives(read_only));
}

static bool unprintable(void)
{
	const int fd = file();

	start_with(fd);
	log_line(LOG_ERROR, "a\nb\033[31m\302\233c\377\300\212d\303\251");
	return strcmp(content(fd), "socksify: a?b?[31m??c???d\303\251\n") == 0;
}

TEST("control characters and what is not UTF-8 become question marks")
{
	EXPECT(survives(unprintable));
}

static bool long_line(void)
{
	static char name[3000];
	const int fd = file();

	memset(name, 'x', sizeof(name) - 1);
	start_with(fd);
	log_line(LOG_ERROR, "%s", name);
	const char *text = content(fd);
	return strlen(text) > 1000 && text[strlen(text) - 1] == '\n';
}

TEST("a line that is too long is cut, and still a line")
{
	EXPECT(survives(long_line));
}
