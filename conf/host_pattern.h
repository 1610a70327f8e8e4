/* SPDX-License-Identifier: MIT */
/* host_pattern: which hosts a rule is for: an address, ADDRESS/BITS or ADDRESS/NETMASK, a name, *.DOMAIN (the domain itself too), or * (every one). */
#ifndef CONF_HOST_PATTERN_H
#define CONF_HOST_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/hash.h"
#include "core/base/addr.h"

/* What is compared of an address or a name: two patterns with the same key match the same hosts. */
struct host_key {
	uint8_t kind; /* ADDR_IPV4, ADDR_IPV6, ADDR_NAME; ADDR_NONE: every host */
	uint8_t bits; /* of `bytes` that count; for a name, 1 if those below it match, too */
	uint8_t bytes[ADDR_NAME_MAX];
};

struct host_pattern {
	struct host_pattern *next, *prev; /* of the rule (utlist) */
	const char *text;                 /* as the user wrote it */
	struct {                          /* of rule_index */
		UT_hash_handle handle;
		struct rule *rule;
		struct host_pattern *same, *last; /* the next rule's with the same key; in the first of them: the last */
	} index;
	unsigned n;          /* bytes of `key` that count, and that there is memory for */
	struct host_key key; /* the last member */
};

/* Read the `n` bytes at `at`. Returns NULL without a pattern, with `*valid` true if memory is short and false if it is none. */
struct host_pattern *host_pattern_parse(struct arena *, const char *at, size_t n, bool *valid);

/* Read a pattern's key. Returns how many bytes of it count, or 0 if the text is no pattern. */
unsigned host_key_parse(struct host_key *, const char *at, size_t n);

/* Write the key of the one pattern that matches this address up to `bits`, or this name, and return how many bytes of it count. */
unsigned host_key_of_address(struct host_key *, const struct addr *, unsigned bits);
unsigned host_key_of_name(struct host_key *, const char *name, bool below);

/* True if the pattern matches the host of an address or a name. */
bool host_pattern_matches(const struct host_pattern *, const struct addr *);

/* True for ADDRESS/BITS that is more than one address. */
bool host_pattern_is_range(const struct host_pattern *);

#endif
