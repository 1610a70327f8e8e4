/* SPDX-License-Identifier: MIT */
/* journal: write down what connections come to, while somebody reads (--report, --top). Any thread, forked children too; no lock, never
 * waits, leaves errno alone. */
#ifndef CORE_JOURNAL_JOURNAL_H
#define CORE_JOURNAL_JOURNAL_H

#include "core/base/addr.h"
#include "core/journal/journal_file.h"

/* One connection, as its process knows it. */
struct journal_record {
	const struct addr *target;
	const char *via; /* a route's name */
	enum journal_way way;
	bool udp;
	int err; /* 0 or a negative err */
	int ms;  /* that it took; -1: not known */
};

/* Name this process's program (NULL: unknown) in what is written down; it must stay where it is. */
void journal_use(const char *program);

/* Look whether there is a journal, unless one is mapped already or was looked for within a second. Opens files, so it is for threads of the
 * program's own that are in a call. */
void journal_look(void);

/* True if somebody reads. Costs a clock's reading once there is a journal, else a load. */
bool journal_wanted(void);

/* Write a connection down; `fd` is its socket, -1 for none. Returns what journal_closing() wants to hear; 0 if nothing was written. */
unsigned journal_add(const struct journal_record *, int fd);

/* This process will say when it closes the connection: a reader need not see for itself. */
void journal_told(unsigned number);

/* Write down how many bytes the connection has carried: it is closed now, or this copy of its descriptor is. Only the process that has
 * written it down may say so. */
void journal_closing(unsigned number, int fd);

#endif
