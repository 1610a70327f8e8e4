/* SPDX-License-Identifier: MIT */
/* help: a row for each option, in 80 columns. */
#include "help.h"

#include "core/base/text.h"
#include "option_table.h"

enum { COLUMN = 28 }; /* where the explanations begin */

void help_usage(FILE *to)
{
	fputs("usage: socksify [OPTION]... [--] COMMAND [ARG]...\n"
	      "   as in: socksify -x socks5://127.0.0.1:1080 curl https://example.com/\n"
	      "'socksify --help' lists the options.\n",
	      to);
}

static void add_left(const struct option *row, struct text *left)
{
	if (row->left) {
		text_add(left, "%s", row->left);
		return;
	}
	if (row->letter)
		text_add(left, "-%c, ", row->letter);
	text_add(left, "--%s%s%s", row->name, row->argument ? " " : "", row->argument ? row->argument : "");
}

static void print_row(const struct option *row, FILE *to)
{
	TEXT(left, 80);

	if (row->left && !row->left[0])
		return;
	if (!row->name) {
		fprintf(to, "%s\n", row->help);
		return;
	}
	add_left(row, &left);
	fprintf(to, "  %-*s%s\n", COLUMN, left.at, row->help);
}

void help_print(FILE *to)
{
	fputs("usage: socksify [OPTION]... [--] COMMAND [ARG]...\n"
	      "Run COMMAND with its connections going through SOCKS and HTTP proxies.\n",
	      to);
	EACH_OPTION(row)
		print_row(row, to);
	fputs("The exit status is the command's; 125: socksify failed, 126: the command cannot\n"
	      "be run or proxied, 127: not found. See socksify(1) and socksify.ini(5).\n",
	      to);
}
