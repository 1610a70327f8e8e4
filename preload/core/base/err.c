/* SPDX-License-Identifier: MIT */
/* err: look a failure up in err.def. */
#include "core/base/err.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The texts, one behind the other: pointers to them would have to be relocated in every process. */
static const struct texts {
#define ERR(name, number, whose, text) char name[sizeof(text)];
#include "err.def"
#undef ERR
} texts = {
#define ERR(name, number, whose, text) text,
#include "err.def"
#undef ERR
};

static const struct row {
	int number;
	enum err_whose whose;
	size_t text;
} rows[] = {
#define ERR(name, number, whose, text) {number, ERR_OF_##whose, offsetof(struct texts, name)},
#include "err.def"
#undef ERR
};

_Static_assert((int)ERR_END < -4095, "err.def has outgrown its range");

static const struct row *find(int rc)
{
	return rc > ERR_BASE && rc < ERR_END ? &rows[rc - ERR_BASE - 1] : NULL;
}

int err_errno(int rc)
{
	const struct row *row = find(rc);

	if (row)
		return row->number;
	return rc < 0 && rc >= -4095 ? -rc : EIO;
}

const char *err_text(int rc)
{
	const struct row *row = find(rc);

	return row ? (const char *)&texts + row->text : strerrordesc_np(err_errno(rc));
}

enum err_whose err_whose(int rc)
{
	const struct row *row = find(rc);

	return row ? row->whose : ERR_OF_TARGET;
}
