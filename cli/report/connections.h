/* SPDX-License-Identifier: MIT */
/* connections: what programs have written into the journal, read for people. */
#ifndef CLI_REPORT_CONNECTIONS_H
#define CLI_REPORT_CONNECTIONS_H

#include <stddef.h>

#include "core/journal/journal_file.h"

/* One connection, or several that are alike: to one destination, one way, of one program, with one result. */
struct connections {
	struct journal_entry first; /* of the earliest; its bytes are the sum of all */
	unsigned n;
	int64_t ms;    /* the mean, or -1 */
	bool measured; /* the bytes are known */
	bool lost;     /* of some nobody will ever know: nobody has said so before the process, or the report, ended */
};

/* Begin a report: make the journal and have programs write. Returns NULL after a message on stderr. */
struct journal_file *connections_begin(void);

/* Have programs go on for a minute. */
void connections_want(struct journal_file *);

/* Copy the entries of a report (0: of all programs), the earliest first. Returns a list for free(3) of `*n`; NULL if there is none. */
struct connections *connections_read(const struct journal_file *, uint32_t report, size_t *n);

/* Put those together that are alike. Returns how many are left. */
size_t connections_group(struct connections *, size_t n);

#endif
