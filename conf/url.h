/* SPDX-License-Identifier: MIT */
/* url: the parts of SCHEME://[USER[:PASSWORD]@]REST, still as written. */
#ifndef CONF_URL_H
#define CONF_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"

/* A run of bytes inside the URL; `at` is NULL when the part is missing. */
struct url_part {
	const char *at;
	size_t n;
};

struct url {
	struct url_part scheme, user, password;
	struct url_part host; /* with its port; empty for a URL that goes straight to its path */
	struct url_part path; /* from the first '/' after the host */
};

/* Cut `text` into its parts. Returns false if it has no scheme, or if an '@' follows the '/', '?' or '#' that ends its host. */
bool url_split(struct url *, const char *text, struct text *problem);

/* Decode %XX into `to`, NUL-terminated. Returns false with the mistake in `problem`, which calls the part `what` ("user name") and
 * never repeats its contents. */
bool url_decode(const struct url_part *, char *to, size_t size, const char *what, struct text *problem);

/* True if the part is `word`, in upper or lower case. */
bool url_part_is(const struct url_part *, const char *word);

#endif
