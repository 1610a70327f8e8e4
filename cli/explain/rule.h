/* SPDX-License-Identifier: MIT */
/* rule: print a rule in words, on stdout, for people. */
#ifndef CLI_EXPLAIN_RULE_H
#define CLI_EXPLAIN_RULE_H

#include "conf/rule.h"

/* Print "corp (/home/u/.socksify.ini line 31): host *.example.com; port 22"; of a rule from the command line only its text, which is all of it. */
void rule_print(const struct rule *);

/* Print which rule it is, without its keys: "corp (/home/u/.socksify.ini line 31)". */
void rule_print_name(const struct rule *);

/* Print what a key that the rule has is compared with: "22, 8000-8999". */
void rule_print_values(const struct rule *, enum rule_key);

/* Returns the name of a key: "host". */
const char *rule_key_name(enum rule_key);

#endif
