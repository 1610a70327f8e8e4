/* SPDX-License-Identifier: MIT */
/* journal_file: the table of a user's connections that --report and --top read: made by them, and written by programs only while somebody
 * reads. Mapped by all; nobody waits for another, and a process that is killed in the middle of writing spoils one entry at most. */
#ifndef CORE_JOURNAL_JOURNAL_FILE_H
#define CORE_JOURNAL_JOURNAL_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/seqlock.h"
#include "core/journal/carried.h"

enum { JOURNAL_ENTRIES = 4096, JOURNAL_REPORTS = 16, JOURNAL_TARGET = 224, JOURNAL_NAME = 32 };

/* What became of a connection. A datagram "connection" is a socket's first datagram to a destination. */
enum journal_way { JOURNAL_PROXIED, JOURNAL_DIRECT, JOURNAL_REFUSED, JOURNAL_WAYS };

struct journal_entry {
	struct seqlock lock;
	uint32_t report; /* the --report that it belongs to; 0: none */
	int32_t pid;
	int32_t err;    /* 0, or why there is no connection: a negative err */
	int32_t ms;     /* that it took to make it; -1: not known */
	uint8_t way;    /* enum journal_way */
	bool udp, over; /* it has been closed, and the bytes are final */
	bool told;      /* its process tells when it closes it, unless it is killed */
	uint64_t cookie;
	int64_t begun, ended;                                                  /* monotonic ns; 0: never */
	uint64_t sent_before, received_before;                                 /* of the handshakes */
	uint64_t sent, received;                                               /* of the application, as of `ended`; 0: not known */
	char program[JOURNAL_NAME], via[JOURNAL_NAME], target[JOURNAL_TARGET]; /* cut to fit */
};

/* How many connections there were of each way, also of those whose entries were overwritten. */
struct journal_counts {
	atomic_uint report; /* 0: unused */
	atomic_uint of[JOURNAL_WAYS];
};

struct journal_file {
	atomic_uint layout;
	atomic_uint next;             /* how many entries there have been; the next one is the oldest's place */
	_Atomic int64_t wanted_until; /* monotonic ns: readers move it ahead of the time */
	struct journal_counts counts[JOURNAL_REPORTS];
	struct journal_entry entries[JOURNAL_ENTRIES];
};

/* Map the user's journal; NULL if there is none. With `make`, make it first; NULL is then a failure. */
struct journal_file *journal_file_map(bool make);

/* Write down what the socket with that cookie has carried, handshake included, unless its process has; with `over` that is final. */
void journal_file_carried(struct journal_file *, uint64_t cookie, const struct carried *, bool over);

#endif
