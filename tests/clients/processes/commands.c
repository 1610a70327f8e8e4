/* SPDX-License-Identifier: MIT */
/* commands: what system(3) and popen(3) do besides running a command, a line for each. The environment is empty while they do it. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

static void tell(const char *what, int n)
{
	printf("%s: %d\n", what, n);
}

static void caught(int signal)
{
	(void)signal;
}

/* A number that a command prints. */
static int number_of(const char *command)
{
	int n = -1;
	FILE *from = popen(command, "r");

	if (!from || fscanf(from, "%d", &n) != 1)
		n = -1;
	if (from)
		pclose(from);
	return n;
}

static void by_system(void)
{
	tell("a shell is there", system(NULL));
	tell("exit", system("exit 5"));
	tell("killed", system("kill -9 $$"));
	tell("errno", (errno = 77, system("exit 1"), errno));
	/* Both are ignored here while the command runs, and not ignored there. */
	tell("interrupts the command alone", system("kill -INT $PPID; kill -QUIT $PPID; kill -INT $$"));
	signal(SIGINT, SIG_IGN);
	tell("ignored before", system("kill -INT $$"));
	signal(SIGINT, caught);
	system("true");
	struct sigaction now;
	sigaction(SIGINT, NULL, &now);
	tell("handler kept", now.sa_handler == caught);
	signal(SIGCHLD, SIG_IGN);
	tell("no status", system("exit 5"));
	signal(SIGCHLD, SIG_DFL);
}

static void *endless(void *unused)
{
	(void)unused;
	system("echo $$ >&9; exec sleep 1000");
	return NULL;
}

static void by_cancelled_system(void)
{
	int ends[2];
	char line[32] = "";
	pthread_t t;
	void *how;

	if (pipe(ends) || dup2(ends[1], 9) != 9)
		die("pipe");
	pthread_create(&t, NULL, endless, NULL);
	if (read(ends[0], line, sizeof(line) - 1) <= 0)
		die("read");
	pthread_cancel(t);
	pthread_join(t, &how);
	tell("cancelled", how == PTHREAD_CANCELED);
	tell("command lives on", kill(atoi(line), 0) == 0);
	close(9);
	close(ends[0]);
	close(ends[1]);
}

static void by_popen(void)
{
	int (*volatile by_fclose)(FILE *) = fclose; /* the compiler thinks that pclose() alone may close these */

	tell("answer", number_of("echo 42"));
	FILE *to = popen("read line; exit $line", "we");
	tell("closed in what is executed", fcntl(fileno(to), F_GETFD));
	fputs("7\n", to);
	tell("pclose", pclose(to));
	to = popen("exit 3", "r");
	tell("open in what is executed", fcntl(fileno(to), F_GETFD));
	tell("fclose", by_fclose(to));
	tell("mode", popen("true", "rw") || popen("true", "") || popen("true", "x") ? 0 : errno);
	/* A second command must not hold the first one's input open. */
	to = popen("cat >/dev/null; exit 4", "w");
	FILE *other = popen("sleep 1000 & echo $!", "r");
	int sleeper = 0;
	tell("second", fscanf(other, "%d", &sleeper));
	tell("first ends", pclose(to));
	kill(sleeper, SIGKILL);
	pclose(other);
	close(0);
	tell("standard input closed", number_of("echo 42"));
	to = popen("read line; exit $line", "w"); /* its pipe may have the numbers that it gets in the shell */
	fputs("9\n", to);
	tell("pclose", pclose(to));
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	clearenv();
	by_system();
	by_cancelled_system();
	by_popen();
	return 0;
}
