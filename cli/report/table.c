/* SPDX-License-Identifier: MIT */
/* table: keep the cells until the widths are known. */
#include "cli/report/table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

enum { ROWS = 64 };

void table_row(struct table *t)
{
	if (t->rows == t->room) {
		void *const more = realloc(t->cells, (t->room + ROWS) * TABLE_COLUMNS * TABLE_CELL);
		if (!more)
			return;
		t->cells = more;
		t->room += ROWS;
	}
	memset(t->cells + t->rows * TABLE_COLUMNS, 0, TABLE_COLUMNS * TABLE_CELL);
	t->rows++;
	t->columns = 0;
}

void table_cell(struct table *t, const char *format, ...)
{
	va_list args;

	if (!t->rows || t->columns == TABLE_COLUMNS)
		return;
	struct text text = {.at = t->cells[(t->rows - 1) * TABLE_COLUMNS + t->columns++], .size = TABLE_CELL};
	va_start(args, format);
	text_add_list(&text, format, args);
	va_end(args);
	text_make_printable(&text, 0);
}

static const char *cell(const struct table *t, size_t row, size_t column)
{
	return t->cells[row * TABLE_COLUMNS + column];
}

static int width_of(const struct table *t, size_t column)
{
	size_t width = 0;

	for (size_t row = 0; row < t->rows; row++) {
		const size_t n = strlen(cell(t, row, column));
		width = n > width ? n : width;
	}
	return (int)width;
}

static void compose(const struct table *t, size_t row, const int *widths, char *line, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < t->columns && at + 1 < size; i++) {
		const bool right = t->right >> i & 1, last = i + 1 == t->columns;
		const int n = snprintf(line + at, size - at, right ? "%*s%s" : "%-*s%s", last && !right ? 0 : widths[i], cell(t, row, i),
				       last ? "" : "  ");
		at += n > 0 ? (size_t)n : 0;
	}
}

void table_print(struct table *t, FILE *to, size_t rows, size_t width)
{
	int widths[TABLE_COLUMNS];
	char line[TABLE_COLUMNS * (TABLE_CELL + 2)];

	for (size_t i = 0; i < t->columns; i++)
		widths[i] = width_of(t, i);
	for (size_t row = 0; row < t->rows && (!rows || row < rows); row++) {
		compose(t, row, widths, line, sizeof(line));
		fprintf(to, "%.*s\n", width ? (int)width : (int)sizeof(line), line);
	}
	free(t->cells);
	*t = (struct table){.right = t->right};
}
