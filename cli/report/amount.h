/* SPDX-License-Identifier: MIT */
/* amount: numbers of bytes for people. */
#ifndef CLI_REPORT_AMOUNT_H
#define CLI_REPORT_AMOUNT_H

#include <stdint.h>

enum { AMOUNT = 16 };

/* Write "0 B", "999 B", "1.5 kB", "23 MB" to `to`, and return that. */
const char *amount(uint64_t bytes, char to[static AMOUNT]);

#endif
