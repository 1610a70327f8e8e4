/* SPDX-License-Identifier: MIT */
/* explain_json: a verdict as JSON. */
#ifndef CLI_EXPLAIN_EXPLAIN_JSON_H
#define CLI_EXPLAIN_EXPLAIN_JSON_H

#include "core/route/decide.h"

/* Print an object for the destination that was asked about; `rc` is what decide() returned. */
void explain_json(const struct config *, const struct addr *asked, bool udp, const struct verdict *, int rc);

#endif
