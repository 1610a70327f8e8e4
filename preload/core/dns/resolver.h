/* SPDX-License-Identifier: MIT */
/* resolver: what a name stands for, and which addresses have a name, in place of libc's resolver. Any thread may ask; some answers need the DNS
 * server, and wait for it. errno stays as it is. */
#ifndef CORE_DNS_RESOLVER_H
#define CORE_DNS_RESOLVER_H

#include <netdb.h>

#include "core/names/host.h"
#include "core/route/decide.h"

enum resolver_answer {
	RESOLVER_PASS,    /* libc's business */
	RESOLVER_DIRECT,  /* libc's business by a rule, which holds for the addresses in its answer, too: resolver_learn() */
	RESOLVER_FOUND,   /* placeholders stand for it, or it has addresses that we know */
	RESOLVER_INVALID, /* no host can have that name, or there is none */
	RESOLVER_FULL,    /* no placeholder is free, or the DNS server cannot be asked: later, perhaps */
	RESOLVER_REFUSED, /* there is no usable configuration */
};

/* False for NULL and for what libc takes for an address. */
bool resolver_is_name(const char *node);

/* What to answer when the program looks the name `node` up for `family`. With RESOLVER_FOUND in `host`: addresses, of which there may be none, of
 * that family and perhaps of the other. RESOLVER_PASS if there is no app. */
enum resolver_answer resolver_ask(const struct app *, const char *node, int family, struct host *host);

/* The name behind an address: RESOLVER_FOUND with `host`; RESOLVER_PASS if libc may look it up; RESOLVER_INVALID if it has none, or must not be
 * asked about; RESOLVER_FULL if the DNS server cannot be asked. */
enum resolver_answer resolver_ask_address(const struct app *, const struct addr *, struct host *host);

/* Make a rule for `node` hold for the addresses that libc resolved it to: a list, or an entry, whichever is not NULL. */
void resolver_learn(const char *node, const struct addrinfo *list, const struct hostent *entry);

#endif
