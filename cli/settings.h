/* SPDX-License-Identifier: MIT */
/* settings: turn flags into the environment that the library reads. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>

/* Each returns false after a message on stderr. */

/* Set one variable, whatever it was. */
bool settings_put(const char *variable, const char *value);

/* Set SOCKSIFY_KEY from "KEY=VALUE", KEY one of [socksify]. */
bool settings_put_key(const char *assignment);

/* Append [NAME=]URL to "URL,NAME=URL"; the list begins as NULL. */
bool settings_join_proxy(char **list, const char *url);

/* Append a rule to "PATTERN=VIA;PATTERN=VIA", where VIA may be a URL; the list begins as NULL. */
bool settings_join_rule(char **list, const char *rule);

/* Set what all -x and -r gave (or NULL), rules ahead of those in the environment, and make file names absolute, because the command may
 * change its directory before it reads them. */
bool settings_finish(const char *proxies, const char *rules);

#endif
