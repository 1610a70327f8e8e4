/* SPDX-License-Identifier: MIT */
/* log: put a line together on the stack, and write it at once. */
#include "core/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/sys.h"
#include "core/base/text.h"

enum { LINE = 1024, ERRORS_A_SECOND = 5 };

static struct {
	_Atomic(enum log_level) level;
	_Atomic(const char *) file;
	_Atomic int64_t second; /* the second of the latest error */
	atomic_int errors;      /* errors in that second */
} logging = {.level = LOG_ERROR};

void log_use(enum log_level level, const char *file)
{
	logging.file = file;
	logging.level = level;
}

bool log_wants(enum log_level level)
{
	return level <= logging.level;
}

/* A thousand connects to a dead proxy deserve a few lines, not a thousand. */
static bool too_many(void)
{
	const int64_t second = clock_coarse() / NS_PER_S;

	if (atomic_exchange(&logging.second, second) != second)
		logging.errors = 0;
	return atomic_fetch_add(&logging.errors, 1) >= ERRORS_A_SECOND;
}

static void put(const char *line, size_t n)
{
	const char *file = logging.file;
	/* Open the file for each line, because a descriptor kept open would have to be hidden from programs that close everything. */
	const int fd = file ? open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600) : STDERR_FILENO;

	while (sys.write(fd, line, n) < 0 && errno == EINTR)
		;
	if (file && fd >= 0)
		sys.close(fd);
}

void log_line(enum log_level level, const char *format, ...)
{
	const int saved = errno;
	TEXT(line, LINE);
	va_list args;

	if (!log_wants(level) || (level == LOG_ERROR && too_many()))
		return;
	text_add(&line, "socksify: ");
	va_start(args, format);
	const int n = vsnprintf(line.at + line.len, line.size - line.len - 1, format, args);
	va_end(args);
	const size_t room = line.size - line.len - 2;
	line.len += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
	line.at[line.len++] = '\n';
	put(line.at, line.len);
	errno = saved;
}
