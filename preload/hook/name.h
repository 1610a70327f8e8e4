/* name: what the resolver hooks share: which names get a placeholder, and which addresses have a name. */
#ifndef HOOK_NAME_H
#define HOOK_NAME_H

#include "hook/hook.h"

enum { NAME_TEXT = 64 }; /* an address in figures */

enum name_answer {
	NAME_PASS,    /* libc's business: numeric, or no name at all */
	NAME_DIRECT,  /* libc's business by a rule, which holds for the addresses in its answer, too: name_direct() */
	NAME_PLACED,  /* a placeholder stands for it */
	NAME_INVALID, /* no host can have that name */
	NAME_FULL,    /* no placeholder is free */
	NAME_REFUSED, /* there is no usable configuration */
};

/* What to answer when the program looks `node` up for `family` (AF_INET6, or anything else for AF_INET). With NAME_PLACED the placeholder is in
 * `figures`, for libc to build its answer from. */
enum name_answer name_ask(const char *node, int family, char figures[static NAME_TEXT]);

/* Make a rule for `node` hold for the addresses that libc resolved it to: a list, or an entry, whichever is not NULL. */
void name_direct(const char *node, const struct addrinfo *list, const struct hostent *entry);

/* The name behind an address: NAME_PLACED with `name`; NAME_PASS if libc may look it up; NAME_INVALID if it must not be asked about. */
enum name_answer name_of(const struct addr *address, struct addr *name);

#endif
