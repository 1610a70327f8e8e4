/* name: what the resolver hooks share: what a name stands for, and which addresses have a name. */
#ifndef HOOK_NAME_H
#define HOOK_NAME_H

#include "hook/hook.h"
#include "core/names/host.h"

enum { NAME_TEXT = 64 }; /* an address in figures */

enum name_answer {
	NAME_PASS,    /* libc's business: numeric, or no name at all */
	NAME_DIRECT,  /* libc's business by a rule, which holds for the addresses in its answer, too: name_direct() */
	NAME_FOUND,   /* placeholders stand for it, or it has addresses that we know */
	NAME_INVALID, /* no host can have that name, or there is none */
	NAME_FULL,    /* no placeholder is free, or the DNS server cannot be asked: later, perhaps */
	NAME_REFUSED, /* there is no usable configuration */
};

/* What to answer when the program looks `node` up for `family`. With NAME_FOUND in `r`: addresses, of which there may be none, of that family
 * and perhaps of the other. */
enum name_answer name_ask(const char *node, int family, struct host *r);

/* The next of the addresses that is of `family`, from the `*i`th on, in figures; false if there is none. */
bool name_next(const struct host *, int family, int *i, char figures[static NAME_TEXT]);

/* Make a rule for `node` hold for the addresses that it was resolved to: a list, or an entry, whichever is not NULL. */
void name_direct(const char *node, const struct addrinfo *list, const struct hostent *entry);

/* The name behind an address: NAME_FOUND with `r`; NAME_PASS if libc may look it up; NAME_INVALID if it has none, or must not be asked about;
 * NAME_FULL if the DNS server cannot be asked. */
enum name_answer name_of(const struct addr *address, struct host *r);

#endif
