/* SPDX-License-Identifier: MIT */
/* report: what the log says of a dial. */
#ifndef CORE_DIAL_REPORT_H
#define CORE_DIAL_REPORT_H

#include "core/dial/dial.h"

/* Log how the dial ended: with 0 or a negative err. */
void dial_report(const struct dial *, int rc);

/* Log how the attempt along its path ended, if another may follow: it is no failure of the dial. */
void dial_report_attempt(const struct dial *, const struct setback *);

#endif
