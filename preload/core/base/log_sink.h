/* SPDX-License-Identifier: MIT */
/* log_sink: where lines of the log go: to a file, or to stderr while number 2 still is what it was when the process started. A program may
 * close 2 and open a database there. Nothing here waits for a reader, raises a signal or keeps a descriptor: a duplicate of stderr would
 * keep `$(COMMAND)` waiting for a daemon. A line that would do any of that is lost. Any thread, signal handlers, vfork children; errno
 * changes. */
#ifndef CORE_BASE_LOG_SINK_H
#define CORE_BASE_LOG_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* Remember what number 2 is. Until then it is what it is at the first line. */
void log_sink_start(void);

/* Write to stderr; `at_exec`: in a process about to execute a program, whose stderr number 2 will be if the program inherits it. */
void log_sink_stderr(const char *line, size_t n, bool at_exec);

/* Append to a file, made if there is none. */
void log_sink_file(const char *path, const char *line, size_t n);

#endif
