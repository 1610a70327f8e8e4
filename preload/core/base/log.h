/* SPDX-License-Identifier: MIT */
/* log: each line is one write(2), to stderr or a file. No stdio, no lock: any thread, and signal handlers. */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_SILENT, LOG_ERROR, LOG_INFO, LOG_DEBUG, LOG_TRACE };

/* Set the level, and the file: NULL is stderr, else a path in memory that lives as long as the process. */
void log_use(enum log_level level, const char *file);

/* True if a line of that level would be written. Ask before composing an expensive one. */
bool log_wants(enum log_level level);

/* Write "socksify: ..." and a newline. errno is left as it was. Errors are limited to a few a second. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
