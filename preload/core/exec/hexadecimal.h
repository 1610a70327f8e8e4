/* SPDX-License-Identifier: MIT */
/* hexadecimal: numbers in a list that one program leaves for the next, each with a full stop behind it. */
#ifndef CORE_EXEC_HEXADECIMAL_H
#define CORE_EXEC_HEXADECIMAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Read one at *at, and go on to the next. False if there is none. */
static inline bool hexadecimal_take(const char **at, uint64_t *n)
{
	static const char digits[] = "0123456789abcdef";
	const char *const begun = *at, *digit;

	*n = 0;
	for (; **at && (digit = strchr(digits, **at)); ++*at)
		*n = *n << 4 | (uint64_t)(digit - digits);
	return *at > begun && *(*at)++ == '.';
}

#endif
