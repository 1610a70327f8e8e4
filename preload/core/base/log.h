/* SPDX-License-Identifier: MIT */
/* log: each line is one write(2), to stderr or a file, and never has an effect on the process (log_sink.h). No stdio, no lock: any thread,
 * and signal handlers. */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_SILENT, LOG_ERROR, LOG_INFO, LOG_DEBUG, LOG_TRACE };

enum log_format { LOG_TEXT, LOG_JSON };

/* Set the level, the file (NULL is stderr, else a path), and how lines are written. Name the program, of which each line speaks; NULL: unknown.
 * Both names lie in memory that lives as long as the process. */
void log_use(enum log_level level, const char *file, enum log_format);
void log_program(const char *name);

/* True if a line of that level would be written. Ask before composing an expensive one. */
bool log_wants(enum log_level level);

/* Write a line, with control characters replaced (text.h): "socksify: ...", to which time, program and process are added in a file, and where more
 * than errors is logged; or a JSON object. errno is left as it was. Errors are limited to a few a second. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a line tells of a connection: in JSON it has members of its own for that. */
struct log_connection {
	const char *destination, *via; /* `via` NULL: refused before any way was chosen */
	const char *result;            /* NULL: it stands, or is on its way */
	int ms;                        /* that it took; -1: not known */
};

/* The same as log_line() for a line about a connection. */
void log_connection(enum log_level, const struct log_connection *, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Returns LOG_ERROR for the first refusal for that reason (a negative err) in this process, LOG_INFO for others: a program often hides why it failed,
 * and tries again. */
enum log_level log_refusal_level(int reason);

/* Log an error in a process that was about to execute a program: the line goes to what would have been that program's stderr, which a shell
 * has redirected by now. */
void log_line_at_exec(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
