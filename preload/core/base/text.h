/* SPDX-License-Identifier: MIT */
/* text: compose a string in the caller's buffer, without the heap. */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
	char *at;    /* always NUL-terminated */
	size_t size; /* bytes at `at`, the NUL included; at least 1 */
	size_t len;  /* bytes written, without the NUL */
	bool cut;    /* something did not fit */
};

/* Declare a text of `bytes` bytes on the caller's stack. */
#define TEXT(name, bytes)              \
	char name##_bytes[bytes] = ""; \
	struct text name = {.at = name##_bytes, .size = (bytes)}

/* Append as printf does; cut what does not fit, and set `cut`. Async-signal-safe for
 * %s, %.*s, %d, %u, %zu, %x and %c, as it neither allocates nor locks. */
void text_add(struct text *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* text_add() with the arguments in a list. */
void text_add_list(struct text *, const char *format, va_list args);

/* Replace each control character behind the first `from` bytes, and each byte that is not part of UTF-8, by '?': what others have written
 * (names, paths) must not end a line or command a terminal. */
void text_make_printable(struct text *, size_t from);

#endif
