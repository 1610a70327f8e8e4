/* name_table: the memory in which all processes of a user keep their names; its layout is the file's format. */
#ifndef NET_NAME_TABLE_H
#define NET_NAME_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "conf/addr.h"

enum {
	NAME_ENTRIES = 131072, /* a /15 */
	NAME_BUCKETS = NAME_ENTRIES / 8,
	NAME_WAYS = 16, /* slots of a bucket; half full when the table is full */
};

/* `version` is odd while the entry is being written; 0 before it ever was. */
struct name_entry {
	atomic_uint version;
	uint32_t hash;
	uint8_t len;
	char name[ADDR_NAME_MAX];
};

/* An entry's number is its placeholder's place in the range. Entries are taken in order, so that a process with few names touches few pages;
 * `buckets` finds them by hash. Zero-filled memory is an empty table, and there is no state in which a killed writer leaves it that a
 * reader could not cope with: at worst one entry is lost until its turn comes again. */
struct name_table {
	atomic_uint magic;
	atomic_uint taken;    /* entries ever taken; number 0 never is */
	atomic_uint reserved; /* entries for which the file system has promised room */
	char pad[4096 - 3 * sizeof(atomic_uint)];
	atomic_uint used[NAME_ENTRIES]; /* second (boot clock) of the last use */
	atomic_uint buckets[NAME_BUCKETS][NAME_WAYS]; /* entry numbers; 0 is free */
	struct name_entry entries[NAME_ENTRIES];
};

/* The user's table, mapped at the first call: $XDG_RUNTIME_DIR/socksify/, else /tmp/socksify-UID/ (ours and 0700, or not at all), else
 * memory that only forked children share. NULL when there is no memory either. */
struct name_table *name_table(void);

/* Make sure that writing entry `number` cannot fail for want of room (SIGBUS would end a stranger's process). */
bool name_table_reserve(struct name_table *, unsigned number);

#endif
