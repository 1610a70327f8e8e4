/* SPDX-License-Identifier: MIT */
/* draft: a socksify.ini in the making. */
#ifndef CLI_IMPORT_DRAFT_H
#define CLI_IMPORT_DRAFT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/import/line.h"
#include "core/base/text.h"

/* The parts are written in the file's order, which is not that of what is read. */
struct draft {
	FILE *settings, *proxies, *rules, *left;
	char *part[4]; /* what has been written to those */
	size_t size[4];
	char chain[64]; /* for whatever no rule names */
	const char
		*shut; /* why a way that was asked for cannot be had; nothing goes out then, rather than by another way. NULL: all can */
	int lefts;
};

/* A proxy in the other tool's words; NULL for what it does not say. */
struct server {
	const char *scheme, *host, *port, *user, *password;
};

/* A rule in socksify's words; NULL for a key that it lacks. */
struct draft_rule {
	const char *stem; /* of its name */
	int line;         /* that it comes from, and that makes its name unique; 0: none */
	const char *host, *port, *protocol, *via;
	const char *why; /* a comment for it; NULL: none */
};

/* Begin and end. Without memory, draft_begin() returns false. */
bool draft_begin(struct draft *);
void draft_end(struct draft *);

/* Write a key of [socksify], or a comment there. */
void draft_key(struct draft *, const char *key, const char *format, ...) __attribute__((format(printf, 3, 4)));
void draft_note(struct draft *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Write down that a line cannot be carried over, and why. */
void draft_left(struct draft *, const struct line *, const char *why, ...) __attribute__((format(printf, 3, 4)));

/* Write a [proxy NAME] that stands on a line, or [proxy NAME-LINE] if there is a NAME already. Returns false with the mistake in `problem`, and then nothing is written. */
bool draft_proxy(struct draft *, const char *name, int line, const struct server *, struct text *problem);

/* Write a [rule STEM-LINE]. Returns false if the host or port is none, and then nothing is written. */
bool draft_rule(struct draft *, const struct draft_rule *);

/* Choose the default chain. */
void draft_chain(struct draft *, const char *name);

/* Shut the way, for this reason: "line 12 cannot be carried over". */
void draft_shut(struct draft *, const char *why);

/* Write everything to `to`, after a heading that names the file and what it is. */
void draft_write(struct draft *, FILE *to, const char *path, const char *kind);

/* Read ADDRESS, ADDRESS/MASK, ADDRESS:PORTS/MASK or [ADDRESS]:PORTS/MASK, as proxychains and tsocks write networks. Returns false if it is none, for which there is a reason to give. */
#define DRAFT_NO_NETWORK "a network is written ADDRESS/MASK or ADDRESS:PORT/MASK"
bool draft_network(const char *word, struct text *host, struct text *port);

#endif
