/* SPDX-License-Identifier: MIT */
/* ask: a question on the terminal, whose answer nobody sees. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include <stdbool.h>
#include <stddef.h>

/* True if there is a terminal to ask on. */
bool ask_is_possible(void);

/* Ask, and read one line without its end. Returns false, with nothing in `to`, without a terminal, on Ctrl-C or Ctrl-D, or if the line is
 * empty or too long. */
bool ask(const char *question, char *to, size_t size);

#endif
