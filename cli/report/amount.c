/* SPDX-License-Identifier: MIT */
/* amount: three figures at most, in powers of a thousand. */
#include "cli/report/amount.h"

#include <stdio.h>

const char *amount(uint64_t bytes, char to[static AMOUNT])
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	double value = (double)bytes;
	int unit = 0;

	for (; value >= 999.5; value /= 1000)
		unit++;
	snprintf(to, AMOUNT, unit && value < 9.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
	return to;
}
