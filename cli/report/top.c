/* SPDX-License-Identifier: MIT */
/* top: a sample each second, as a table on a screen, as plain lines, or as JSON. */
#include "cli/report/top.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/report/amount.h"
#include "cli/report/live.h"
#include "cli/report/screen.h"
#include "cli/report/table.h"
#include "cli/say.h"

enum { SECOND_MS = 1000, LINES = 3 /* above and below the rows */ };

static const char *age_text(int64_t seconds, char text[static AMOUNT])
{
	if (seconds < 60)
		snprintf(text, AMOUNT, "%ds", (int)seconds);
	else if (seconds < 3600)
		snprintf(text, AMOUNT, "%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
	else
		snprintf(text, AMOUNT, "%dh%02dm", (int)(seconds / 3600), (int)(seconds / 60 % 60));
	return text;
}

static void add_row(struct table *t, const struct live *l)
{
	const struct journal_entry *const e = &l->entry;
	char text[AMOUNT];

	table_row(t);
	table_cell(t, "%s/s", amount(l->up_s, text));
	table_cell(t, "%s/s", amount(l->down_s, text));
	table_cell(t, "%s", amount(l->up, text));
	table_cell(t, "%s", amount(l->down, text));
	table_cell(t, "%s", age_text(l->age, text));
	table_cell(t, "%d", e->pid);
	table_cell(t, "%s", *e->program ? e->program : "?");
	table_cell(t, "%s", e->target);
	table_cell(t, "%s", e->via);
	table_cell(t, "%s", l->state);
}

static void print_table(const struct sample *s, size_t rows, size_t columns)
{
	static const char *const heads[] = {"UP", "DOWN", "SENT", "RECEIVED", "AGE", "PID", "PROGRAM", "DESTINATION", "VIA", "STATE"};
	struct table t = {.right = 0x3f};

	table_row(&t);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		table_cell(&t, "%s", heads[i]);
	for (size_t i = 0; i < s->n; i++)
		add_row(&t, &s->of[i]);
	print_line("%zu connection%s, of those made since somebody watches", s->n, s->n == 1 ? "" : "s");
	table_print(&t, stdout, rows > LINES ? rows - LINES : rows, columns);
}

static void print_one(const struct live *l)
{
	json_begin(NULL, '{');
	json_string("destination", l->entry.target);
	json_string("via", l->entry.via);
	json_string("program", l->entry.program);
	json_number("pid", l->entry.pid);
	json_string("state", l->state);
	json_number("age_s", (double)l->age);
	json_number("sent", (double)l->up);
	json_number("received", (double)l->down);
	json_number("sent_per_s", (double)l->up_s);
	json_number("received_per_s", (double)l->down_s);
	json_end('}');
}

static void print_json(const struct sample *s)
{
	json_begin(NULL, '{');
	json_begin("connections", '[');
	for (size_t i = 0; i < s->n; i++)
		print_one(&s->of[i]);
	json_end(']');
	json_end('}');
	putchar('\n');
}

static bool pause_a_second(bool on_screen)
{
	if (on_screen)
		return screen_key(SECOND_MS) != 'q';
	fflush(stdout);
	return usleep(SECOND_MS * 1000) == 0 && !ferror(stdout);
}

static void print_sample(const struct sample *s, bool on_screen, bool as_json)
{
	size_t rows = 0, columns = 0;

	if (on_screen)
		screen_begin(&rows, &columns);
	if (as_json)
		print_json(s);
	else
		print_table(s, rows, columns);
}

int top(bool once, bool as_json)
{
	const bool on_screen = !once && !as_json && screen_is_there();
	struct journal_file *const f = connections_begin();
	struct sample now = {0}, before = {0};

	if (!f)
		return STATUS_FAILED;
	if (on_screen)
		screen_open();
	do {
		connections_want(f);
		live_take(&now, &before, f);
		print_sample(&now, on_screen, as_json);
		before = now;
	} while (!once && pause_a_second(on_screen));
	if (on_screen)
		screen_close();
	return 0;
}
