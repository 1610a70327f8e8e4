/* SPDX-License-Identifier: MIT */
/* pump: carry what one socket receives to another, one way, and the end of it, too. */
#ifndef CLI_CLIENTS_PUMP_H
#define CLI_CLIENTS_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PUMP_BYTES = 16 * 1024 };

enum pump_state {
	PUMP_WAITS,  /* for either socket */
	PUMP_BUSY,   /* it could go on, but it is others' turn */
	PUMP_DONE,   /* the end has been carried, too */
	PUMP_BROKEN, /* one of them is no more */
};

/* All zero at first, but for bytes that are to go ahead. */
struct pump {
	uint8_t bytes[PUMP_BYTES];
	size_t at, end; /* bytes[at..end) wait to be sent */
	bool ended;     /* no more will come */
	bool done;      /* and that is said */
};

/* Carry as much as goes without waiting, over nonblocking sockets. */
enum pump_state pump(struct pump *, int from, int to);

#endif
