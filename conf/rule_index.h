/* SPDX-License-Identifier: MIT */
/* rule_index: the rules by the hosts that they name, so that one among ten thousand is found as fast as one among ten. Built while the
 * configuration is read, by one thread; any thread may ask once it is. */
#ifndef CONF_RULE_INDEX_H
#define CONF_RULE_INDEX_H

#include "conf/rule.h"

struct rule_index {
	struct host_pattern *keys;        /* the first pattern of each key (uthash) */
	struct rule *any, *any_last;      /* rules for every host, linked by `any` */
	unsigned count;                   /* rules added */
	bool ipv4[32 + 1], ipv6[128 + 1]; /* prefix lengths in use */
	bool below;                       /* there are patterns *.DOMAIN */
};

/* Add a rule behind those already there. Returns false if memory is short. */
bool rule_index_add(struct rule_index *, struct arena *, struct rule *);

/* A test that a rule for the destination's host must pass as well. */
typedef bool rule_test(const struct rule *, const struct destination *);

/* Returns the first rule for the destination's host, or for its origin, that passes the test; NULL if there is none. */
const struct rule *rule_index_first(const struct rule_index *, const struct destination *, rule_test *);

#endif
