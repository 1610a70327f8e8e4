/* SPDX-License-Identifier: MIT */
/* log: put a line together on the stack, and write it at once. */
#include "core/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/log_sink.h"
#include "core/base/scratch.h"
#include "core/base/text.h"

enum { LINE = 1024, ERRORS_A_SECOND = 5 };

static struct {
	_Atomic(enum log_level) level;
	_Atomic(enum log_format) format;
	_Atomic(const char *) file, program;
	_Atomic uint64_t refused; /* a bit for each reason */
	_Atomic int64_t second;   /* the second of the latest error */
	atomic_int errors;        /* errors in that second */
} logging = {.level = LOG_ERROR};

void log_use(enum log_level level, const char *file, enum log_format format)
{
	logging.file = file;
	logging.format = format;
	logging.level = level;
}

void log_program(const char *name)
{
	logging.program = name;
}

enum log_level log_refusal_level(int reason)
{
	const uint64_t bit = UINT64_C(1) << (unsigned)-reason % 64;

	return atomic_fetch_or(&logging.refused, bit) & bit ? LOG_INFO : LOG_ERROR;
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

/* Append the time, as RFC 3339 has it. The zone is UTC, as libc would have to read a file for any other. */
static void add_time(struct text *line)
{
	const int64_t ms = clock_read(CLOCK_REALTIME) / NS_PER_MS, day = ms / 86400000, rest = ms % 86400000;
	/* Years begin in March, so that the odd day is their last; 719468 days lie between that of year 0 and 1970. */
	const int64_t z = day + 719468, era = z / 146097, doe = z % 146097;
	const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	const int month = (int)((5 * doy + 2) / 153), d = (int)(doy - (153 * month + 2) / 5 + 1), m = month < 10 ? month + 3 : month - 9;
	const int part[] = {m, d, (int)(rest / 3600000), (int)(rest / 60000 % 60), (int)(rest / 1000 % 60)};

	text_add(line, "%d", (int)(yoe + era * 400 + (m <= 2)));
	for (int i = 0; i < 5; i++)
		text_add(line, "%c%d%d", "--T::"[i], part[i] / 10, part[i] % 10);
	text_add(line, ".%d%d%dZ", (int)(rest / 100 % 10), (int)(rest / 10 % 10), (int)(rest % 10));
}

static const char *program(void)
{
	const char *const name = logging.program;

	return name ? name : "-";
}

/* Append what a line begins with. What only the user of a terminal sees needs no time. */
static void begin_text(struct text *line)
{
	text_add(line, "socksify: ");
	if (!logging.file && logging.level <= LOG_ERROR)
		return;
	add_time(line);
	text_add(line, " %s[%d]: ", program(), (int)getpid());
}

/* Append a member and its value, a JSON string; the line keeps room for its end. */
static void add_string(struct text *line, const char *name, const char *value)
{
	text_add(line, ",\"%s\":\"", name);
	for (; *value && line->len + 8 < line->size; value++)
		text_add(line, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
	text_add(line, "\"");
}

static void add_connection(struct text *line, const struct log_connection *c)
{
	add_string(line, "destination", c->destination);
	if (c->via)
		add_string(line, "via", c->via);
	add_string(line, "result", c->result ? c->result : "ok");
	if (c->ms >= 0)
		text_add(line, ",\"ms\":%d", c->ms);
}

/* The message comes last, as it may be cut. */
static void add_json(struct text *line, enum log_level level, const struct log_connection *c, const char *message)
{
	static const char levels[][8] = {"silent", "error", "info", "debug", "trace"};

	text_add(line, "{\"time\":\"");
	add_time(line);
	text_add(line, "\"");
	add_string(line, "level", levels[level]);
	add_string(line, "program", program());
	text_add(line, ",\"pid\":%d", (int)getpid());
	if (c)
		add_connection(line, c);
	add_string(line, "message", message);
	text_add(line, "}");
}

/* A line that is to be written. */
struct entry {
	enum log_level level;
	bool at_exec;
	const struct log_connection *connection; /* NULL: it tells of none */
};

static void compose(struct text *line, const struct entry *e, const char *format, va_list args)
{
	if (logging.format == LOG_TEXT) {
		begin_text(line);
		text_add_list(line, format, args);
	} else {
		SCRATCH_TEXT(message, LINE);
		text_add_list(&message, format, args);
		add_json(line, e->level, e->connection, message.at);
	}
	text_make_printable(line, 0);
}

static void log_list(const struct entry *e, const char *format, va_list args)
{
	const int saved = errno;

	if (!log_wants(e->level) || (e->level == LOG_ERROR && too_many()))
		return;
	SCRATCH_TEXT(line, 2 * LINE);
	compose(&line, e, format, args);
	line.len -= line.cut; /* room for the newline */
	line.at[line.len++] = '\n';
	write_line(&line, e->at_exec);
	errno = saved;
}

void log_line(enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_list(&(struct entry){.level = level}, format, args);
	va_end(args);
}

void log_connection(enum log_level level, const struct log_connection *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_list(&(struct entry){.level = level, .connection = c}, format, args);
	va_end(args);
}

void log_line_at_exec(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_list(&(struct entry){.level = LOG_ERROR, .at_exec = true}, format, args);
	va_end(args);
}
