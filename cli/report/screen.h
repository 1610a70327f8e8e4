/* SPDX-License-Identifier: MIT */
/* screen: a terminal that is drawn anew, and keys without Enter. */
#ifndef CLI_REPORT_SCREEN_H
#define CLI_REPORT_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/* True if there is a terminal to draw on: standard input and output. */
bool screen_is_there(void);

/* Take the terminal over; and give it back as it was, whatever ends this process but SIGKILL. */
void screen_open(void);
void screen_close(void);

/* Begin to draw from the upper left corner of an empty screen; says how large it is. */
void screen_begin(size_t *rows, size_t *columns);

/* Wait for a key, for so long. Returns the key; 0 if there was none, or the screen changed its size. */
int screen_key(int ms);

#endif
