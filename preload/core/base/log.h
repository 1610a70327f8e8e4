/* SPDX-License-Identifier: MIT */
/* log: each line is one write(2), to stderr or a file, and never has an effect on the process (log_sink.h). No stdio, no lock: any thread,
 * and signal handlers. */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_SILENT, LOG_ERROR, LOG_INFO, LOG_DEBUG, LOG_TRACE };

/* Set the level, and the file: NULL is stderr, else a path in memory that lives as long as the process. */
void log_use(enum log_level level, const char *file);

/* True if a line of that level would be written. Ask before composing an expensive one. */
bool log_wants(enum log_level level);

/* Write "socksify: ..." and a newline, with control characters replaced (text.h). errno is left as it was. Errors are limited to a few a
 * second. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Log an error in a process that was about to execute a program: the line goes to what would have been that program's stderr, which a shell
 * has redirected by now. */
void log_line_at_exec(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
