/* SPDX-License-Identifier: MIT */
/* json: print JSON, member by member. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What follows is printed there; else it is on stdout. */
void json_use(FILE *);

/* Begin and end an object or an array; `key` NULL: in an array, or at the top. The commas come by themselves. */
void json_begin(const char *key, char bracket);
void json_end(char bracket);

/* A member, or an element if `key` is NULL. A string of NULL is null; what is not UTF-8 in it becomes U+FFFD. */
void json_string(const char *key, const char *value);
void json_number(const char *key, double value);
void json_bool(const char *key, bool value);

#endif
