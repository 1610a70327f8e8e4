/* SPDX-License-Identifier: MIT */
/* report: what the log says of a dial. */
#ifndef CORE_DIAL_REPORT_H
#define CORE_DIAL_REPORT_H

#include "core/dial/dial.h"

/* Log how the dial ended: with 0 or a negative err. */
void dial_report(const struct dial *, int rc);

/* What an attempt along one path was for, and the hop at work, if any. */
struct attempt {
	const struct addr *target;
	const struct proxy *hop;
};

/* Returns that of the present one; it holds when the path has become another, as long as the dial has not moved. */
struct attempt dial_attempt(const struct dial *);

/* Log how an attempt ended which another follows: it is no failure of the dial. */
void dial_report_attempt(const struct dial *, const struct attempt *, int rc);

#endif
