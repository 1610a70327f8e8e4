/* SPDX-License-Identifier: MIT */
/* health_table: the memory in which all processes of a user keep what they learnt of proxies: a file in the shared directory, or, where there
 * is none, memory that only forked children share. Every field is right by itself, so a process may be killed at any instruction. */
#ifndef CORE_ROUTE_HEALTH_TABLE_H
#define CORE_ROUTE_HEALTH_TABLE_H

#include <stdatomic.h>
#include <stdint.h>

/* Times are in milliseconds since the machine's start, sleep included. Zero-filled memory knows nothing. */
struct health_entry {
	_Atomic uint64_t key;    /* 0: free */
	_Atomic uint64_t rests;  /* until when; 0: it works; HEALTH_UNROUTED */
	_Atomic uint64_t failed; /* when, times 256, and how many times in a row */
	_Atomic uint64_t delay;  /* in microseconds, and times 2^32 the second in which it was measured; 0: never */
	_Atomic uint64_t turns;  /* of a chain */
	_Atomic uint64_t early;  /* early.c */
	uint64_t unused[2];
};

enum { HEALTH_UNROUTED = 1 };

/* Returns the time; what failed before `*since` counts no more, because the network may be another one. */
uint64_t health_table_now(uint64_t *since);

/* From now on nothing counts that failed before. */
void health_table_void(void);

/* Mix this boot and this network namespace into a key, which is never 0. */
uint64_t health_table_key(uint64_t key);

/* Returns the entry of a key; NULL if there is none, or no memory. */
struct health_entry *health_table_find(uint64_t key);

/* The same, after making one in place of another that was not used for long. */
struct health_entry *health_table_make(uint64_t key);

#endif
