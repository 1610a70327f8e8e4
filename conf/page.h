/* page: what a single file says, while a document is put together. */
#ifndef CONF_PAGE_H
#define CONF_PAGE_H

#include <stdbool.h>

#include "document.h"

struct page {
	const struct page *included_by;
	struct document *document;
	const struct file *file;
	struct section *sections; /* in the order of the file */
	struct section *section; /* where values go; NULL: they are passed over */
	struct entry *entry; /* what an indented line continues; NULL: it is passed over */
	bool headed; /* a section has begun */
};

/* Read the page's file into its sections, and say what is wrong with it. */
void page_read(struct page *);

#endif
