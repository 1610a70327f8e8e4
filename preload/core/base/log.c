/* SPDX-License-Identifier: MIT */
/* log: put a line together on the stack, and write it at once. */
#include "core/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>

#include "core/base/clock.h"
#include "core/base/log_sink.h"
#include "core/base/scratch.h"
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

/* Open the file for each line, because a descriptor kept open would have to be hidden from programs that close everything. */
static void write_line(const struct text *line, bool at_exec)
{
	const char *file = logging.file;

	if (file)
		log_sink_file(file, line->at, line->len);
	else
		log_sink_stderr(line->at, line->len, at_exec);
}

static void log_list(enum log_level level, bool at_exec, const char *format, va_list args)
{
	const int saved = errno;

	if (!log_wants(level) || (level == LOG_ERROR && too_many()))
		return;
	SCRATCH_TEXT(line, LINE);
	text_add(&line, "socksify: ");
	text_add_list(&line, format, args);
	text_make_printable(&line, 0);
	line.len -= line.cut; /* room for the newline */
	line.at[line.len++] = '\n';
	write_line(&line, at_exec);
	errno = saved;
}

void log_line(enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_list(level, false, format, args);
	va_end(args);
}

void log_line_at_exec(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_list(LOG_ERROR, true, format, args);
	va_end(args);
}
