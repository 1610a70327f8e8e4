/* SPDX-License-Identifier: MIT */
/* table: rows of words in columns as wide as their widest. */
#ifndef CLI_REPORT_TABLE_H
#define CLI_REPORT_TABLE_H

#include <stdio.h>

enum { TABLE_COLUMNS = 10, TABLE_CELL = 256 };

struct table {
	size_t columns, rows, room;
	unsigned right; /* bits of the columns that are flush right */
	char (*cells)[TABLE_CELL];
};

/* Begin a row; its cells follow from the left. Without memory the table stays as it is. */
void table_row(struct table *);
void table_cell(struct table *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Print at most `rows` rows of at most `width` columns of characters (0: all), and forget them. */
void table_print(struct table *, FILE *to, size_t rows, size_t width);

#endif
