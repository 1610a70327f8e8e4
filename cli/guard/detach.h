/* SPDX-License-Identifier: MIT */
/* detach: hold nothing open that is the command's: a pipe would keep its reader waiting for us, a directory could not be unmounted. */
#ifndef CLI_GUARD_DETACH_H
#define CLI_GUARD_DETACH_H

enum { DETACH_FIRST = 3 }; /* behind stdin, stdout and stderr */

/* Let go of all but `keep` (-1: none such), which becomes DETACH_FIRST and what follows that. */
void detach(const int keep[], int n);

#endif
