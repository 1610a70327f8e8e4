/* SPDX-License-Identifier: MIT */
/* importers: one for each tool whose configuration we read, in a file of its own. Each reads all lines into the draft. */
#ifndef CLI_IMPORT_IMPORTERS_H
#define CLI_IMPORT_IMPORTERS_H

#include "cli/import/draft.h"
#include "cli/import/line.h"

typedef void importer(struct draft *, struct lines *);

importer import_proxychains, import_tsocks, import_torsocks, import_dante, import_redsocks, import_ssh;

#endif
