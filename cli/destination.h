/* SPDX-License-Identifier: MIT */
/* destination: what was meant by one that was typed otherwise than as HOST:PORT. */
#ifndef CLI_DESTINATION_H
#define CLI_DESTINATION_H

#include "core/base/text.h"

/* Append "; did you mean 'example.com:80'?" if `typed` is a URL, or has the name of a service for its port, or a host's name alone that has a dot in
 * it; else nothing. */
void destination_suggest(struct text *, const char *typed);

#endif
