/* SPDX-License-Identifier: MIT */
/* screen: the alternate screen of ECMA-48 terminals, by plain escapes; no line editing, no echo. */
#include "cli/report/screen.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static volatile sig_atomic_t open_now;

bool screen_is_there(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Async-signal-safe. */
static void restore(void)
{
	static const char leave[] = "\033[?25h\033[?1049l";

	if (!open_now)
		return;
	open_now = false;
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	if (write(STDOUT_FILENO, leave, sizeof(leave) - 1) < 0)
		return;
}

static void end(int number)
{
	restore();
	signal(number, SIG_DFL);
	raise(number);
}

static void resized(int number)
{
	(void)number; /* it only has to interrupt poll() */
}

void screen_open(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &before))
		return;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		signal(ends[i], end);
	sigaction(SIGWINCH, &(struct sigaction){.sa_handler = resized}, NULL);
	open_now = true;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	fputs("\033[?1049h\033[?25l", stdout);
}

void screen_close(void)
{
	fflush(stdout);
	restore();
}

void screen_begin(size_t *rows, size_t *columns)
{
	struct winsize size = {0};

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*rows = size.ws_row ? size.ws_row : 24;
	*columns = size.ws_col ? size.ws_col : 80;
	fputs("\033[H\033[J", stdout);
}

int screen_key(int ms)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	char key = 0;

	fflush(stdout);
	if (poll(&in, 1, ms) > 0 && read(STDIN_FILENO, &key, 1) == 0)
		return 'q'; /* the terminal is gone */
	return (unsigned char)key;
}
