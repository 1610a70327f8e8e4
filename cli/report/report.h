/* SPDX-License-Identifier: MIT */
/* report: run the command, and print what its connections came to when it has ended. */
#ifndef CLI_REPORT_REPORT_H
#define CLI_REPORT_REPORT_H

#include "conf/config.h"

/* Run the command as a child; print the table, or the same as JSON, on stderr; end as the command did (child.h). */
int report(const struct config *, char *command[], bool as_json);

#endif
