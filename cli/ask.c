/* SPDX-License-Identifier: MIT */
/* ask: the terminal itself, whatever stdin and stdout are; it echoes nothing meanwhile. */
#include "ask.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, CTRL_U = 21, ERASE = 127 };

/* Read up to the end of the line; what has no room is dropped. Returns its length, or -1. */
static ssize_t read_line(int fd, char *to, size_t size)
{
	size_t n = 0;
	char c;

	while (read(fd, &c, 1) == 1 && c != '\n' && c != '\r') {
		if (c == CTRL_C || c == CTRL_D)
			return -1;
		if (c == BACKSPACE || c == ERASE)
			n -= n > 0;
		else if (c == CTRL_U)
			n = 0;
		else if (n++ < size)
			to[n - 1] = c;
	}
	return n < size ? (ssize_t)n : -1;
}

/* Each key is read as a character, Ctrl-C, too: no signal ends this program while the terminal is mute. It is mute before the question is there to be
 * answered. */
static ssize_t ask_unseen(int fd, const char *question, char *to, size_t size)
{
	struct termios before, mute;

	if (tcgetattr(fd, &before) != 0)
		return -1;
	mute = before;
	mute.c_lflag &= ~(tcflag_t)(ECHO | ISIG | ICANON);
	tcsetattr(fd, TCSAFLUSH, &mute);
	dprintf(fd, "%s: ", question);
	const ssize_t n = read_line(fd, to, size);
	dprintf(fd, "\n");
	tcsetattr(fd, TCSAFLUSH, &before);
	return n;
}

static int open_terminal(void)
{
	return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

bool ask_is_possible(void)
{
	const int fd = open_terminal();

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool ask(const char *question, char *to, size_t size)
{
	const int fd = open_terminal();
	ssize_t n = -1;

	if (fd >= 0) {
		n = ask_unseen(fd, question, to, size);
		close(fd);
	}
	if (n < 0)
		explicit_bzero(to, size);
	else
		to[n] = '\0';
	return n > 0;
}
