/* SPDX-License-Identifier: MIT */
/* placeholder_file: the table that all processes of a user map and keep their names in; the struct is the file's format. */
#ifndef CORE_NAMES_PLACEHOLDER_FILE_H
#define CORE_NAMES_PLACEHOLDER_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	PLACEHOLDER_BITS = 17, /* a /15 */
	PLACEHOLDER_ENTRIES = 1 << PLACEHOLDER_BITS,
	PLACEHOLDER_BUCKETS = PLACEHOLDER_ENTRIES / 8,
	PLACEHOLDER_WAYS = 16,  /* numbers in a bucket; half full when the table is full */
	PLACEHOLDER_WORDS = 32, /* of a name: 255 bytes and a NUL, eight to a word */
	PLACEHOLDER_HEAD = 8,   /* the first words of a name lie close together, so that names of usual length touch few pages */
};

/* Entry N belongs to the Nth placeholder of a range. Entries are taken in order, so that a process with few names touches few pages;
 * number 0 never is. Zero-filled memory is an empty table. placeholder_store.c says what the fields mean, and why a writer may be killed at
 * any instruction. Types are of one size everywhere: programs of several architectures may share the file. */
struct placeholder_file {
	_Atomic uint32_t layout;
	_Atomic uint32_t taken;    /* the highest number ever taken */
	_Atomic uint32_t reserved; /* heads below this have room in the file system */
	_Atomic uint32_t turn;     /* chosen at random for each table; never 0 */
	_Atomic uint32_t hand;     /* where the search for a name to forget goes on */
	_Atomic uint32_t full;     /* until this second every number is in use; a hint, 0 at first */
	_Atomic uint32_t used;     /* the second in which a name was used last */
	uint32_t unused[1017];
	_Atomic uint64_t marks[PLACEHOLDER_ENTRIES];
	_Atomic uint32_t buckets[PLACEHOLDER_BUCKETS][PLACEHOLDER_WAYS]; /* numbers, by hash; 0 is free */
	_Atomic uint64_t heads[PLACEHOLDER_ENTRIES][PLACEHOLDER_HEAD];
	_Atomic uint64_t tails[PLACEHOLDER_ENTRIES][PLACEHOLDER_WORDS - PLACEHOLDER_HEAD];
};

_Static_assert(sizeof(struct placeholder_file) ==
		       4096 + 8 * PLACEHOLDER_ENTRIES + 4 * PLACEHOLDER_WAYS * PLACEHOLDER_BUCKETS + 256 * PLACEHOLDER_ENTRIES,
	       "one layout for all programs");
_Static_assert(ATOMIC_INT_LOCK_FREE == 2 && ATOMIC_LONG_LOCK_FREE == 2, "a lock would not be shared between processes");

/* Returns the user's table for a range of 2^bits placeholders, mapped at the first call: in $SOCKSIFY_NAMES, else
 * $XDG_RUNTIME_DIR/socksify/, else /tmp/socksify-UID/ (each only if it is ours alone), else memory that only forked children share. A table
 * that no process has mapped, and none has used for an hour before `now` (in the seconds of placeholder_store.h) or since the machine's start,
 * is removed, and a new one begun. NULL if there is no memory. */
struct placeholder_file *placeholder_file(int bits, uint32_t now);

/* Allocate room for an entry's head, or its tail, because a write without room would kill the host with SIGBUS. Return false if there is none. */
bool placeholder_file_reserve_head(struct placeholder_file *, uint32_t number);
bool placeholder_file_reserve_tail(struct placeholder_file *, uint32_t number);

#endif
