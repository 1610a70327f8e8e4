/* log: one line, one write(2), to stderr or a file; never stdio, never a lock. */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_SILENT, LOG_ERROR, LOG_INFO, LOG_DEBUG, LOG_TRACE };

/* What is written from now on, and where: `file` NULL is stderr, else a path that outlives the log. */
void log_use(enum log_level level, const char *file);

/* Whether a line of that level would be written: ask before putting together something expensive. */
bool log_wants(enum log_level level);

/* Write "socksify: ..." and a newline. errno is left as it was. Errors are limited to a few a second. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
