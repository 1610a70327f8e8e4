/* SPDX-License-Identifier: MIT */
/* say: the launcher's own messages, one line each on stderr, and its answers on stdout. What others have written (names, paths) reaches no
 * terminal raw: each control character becomes '?'. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

/* The launcher's own exit statuses, as env(1) and timeout(1) have them. */
enum { STATUS_FAILED = 125, STATUS_UNRUNNABLE = 126, STATUS_NOT_FOUND = 127 };

/* Print part of a line on stdout; and the same with a newline. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print "socksify: " and the message. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
