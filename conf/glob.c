/* SPDX-License-Identifier: MIT */
/* glob: go on after the latest star as often as need be. */
#include "conf/glob.h"

#include <stddef.h>
#include <string.h>

bool glob_matches(const char *glob, const char *s)
{
	const char *star = NULL, *retry = NULL;

	while (*s) {
		if (*glob == '*') {
			star = ++glob;
			retry = s;
		} else if (*glob == '?' || *glob == *s) {
			glob++, s++;
		} else if (star) {
			glob = star;
			s = ++retry;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}
