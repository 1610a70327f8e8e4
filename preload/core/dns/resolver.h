/* SPDX-License-Identifier: MIT */
/* resolver: find what a name stands for, and the name of an address, in place of libc's resolver. Any thread; some answers need the DNS
 * server, and wait for it. Leaves errno alone. */
#ifndef CORE_DNS_RESOLVER_H
#define CORE_DNS_RESOLVER_H

#include <netdb.h>

#include "core/names/host.h"
#include "core/route/decide.h"

enum resolver_answer {
	RESOLVER_PASS,    /* libc's business */
	RESOLVER_DIRECT,  /* libc's business by a rule, which also holds for the addresses in libc's answer: resolver_learn() */
	RESOLVER_FOUND,   /* placeholders stand for it, or it has addresses that we know */
	RESOLVER_INVALID, /* no host can have that name, or there is none */
	RESOLVER_FULL,    /* no placeholder is free, or the DNS server cannot be asked: later, perhaps */
	RESOLVER_REFUSED, /* there is no usable configuration */
};

/* False for NULL and for what libc takes for an address. */
bool resolver_is_name(const char *node);

/* Find the answer to a program that looks the name `node` up for `family`. RESOLVER_FOUND sets `host`, with addresses (perhaps none) of
 * that family and perhaps of the other. RESOLVER_PASS if there is no app. */
enum resolver_answer resolver_ask(const struct app *, const char *node, int family, struct host *host);

/* Find the name of an address: RESOLVER_FOUND with `host`, which has no address if DNS knows other things of it than a name; RESOLVER_PASS if libc may look it up; RESOLVER_INVALID if there is none, or
 * nobody may be asked; RESOLVER_FULL if the DNS server cannot be asked. */
enum resolver_answer resolver_ask_address(const struct app *, const struct addr *, struct host *host);

/* Make a rule for `node` hold for the addresses that libc resolved it to: a list, or an entry, whichever is not NULL. */
void resolver_learn(const char *node, const struct addrinfo *list, const struct hostent *entry);

#endif
