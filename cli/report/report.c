/* SPDX-License-Identifier: MIT */
/* report: its number in the environment tells the command's connections from those of other programs. */
#include "cli/report/report.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/child.h"
#include "cli/json.h"
#include "cli/report/amount.h"
#include "cli/report/connections.h"
#include "cli/report/sockets.h"
#include "cli/report/table.h"
#include "cli/run/run.h"
#include "cli/say.h"
#include "core/base/clock.h"
#include "core/base/err.h"

enum { TICK_MS = 20 * 1000, LATE_MS = 300 };

/* What goes on while the command runs. */
struct watch {
	struct journal_file *journal;
	int ends; /* sockets_watch() */
};

static void note_end(const struct socket_state *s, void *journal)
{
	journal_file_carried(journal, s->cookie, &s->carried, true);
}

static void tick(void *watch)
{
	const struct watch *const w = watch;

	connections_want(w->journal);
	while (w->ends >= 0 && sockets_take(w->ends, note_end, w->journal))
		;
}

/* Write down what the sockets that are still open have carried so far. Returns how many connections of the report nothing is known of. */
static size_t note_open(struct journal_file *f, uint32_t number)
{
	size_t n, unknown = 0;
	struct connections *const all = connections_read(f, number, &n);
	struct sockets *const open = sockets_read();

	for (size_t i = 0; i < n; i++) {
		const struct socket_state *const s = all[i].lost ? sockets_find(open, all[i].first.cookie) : NULL;
		if (s)
			journal_file_carried(f, s->cookie, &s->carried, false);
		else
			unknown += all[i].lost;
	}
	sockets_free(open);
	free(all);
	return unknown;
}

/* The kernel tells of a socket somewhat later than its process has ended. */
static void wait_for_ends(const struct watch *w, uint32_t number)
{
	const int64_t limit = clock_in_ms(LATE_MS);
	struct pollfd ends = {.fd = w->ends, .events = POLLIN};

	while (note_open(w->journal, number) && w->ends >= 0 && poll(&ends, 1, clock_poll_ms(limit)) > 0)
		tick((void *)w);
}

/* Take a place among the counts of reports, the oldest's if all are taken: that one then has no sums. */
static struct journal_counts *take_counts(struct journal_file *f, uint32_t number)
{
	struct journal_counts *c = &f->counts[number % JOURNAL_REPORTS];

	for (int i = 0; i < JOURNAL_REPORTS; i++) {
		unsigned none = 0;
		if (atomic_compare_exchange_strong(&f->counts[i].report, &none, number)) {
			c = &f->counts[i];
			break;
		}
	}
	c->report = number;
	for (int i = 0; i < JOURNAL_WAYS; i++)
		c->of[i] = 0;
	return c;
}

static uint32_t make_number(void)
{
	uint32_t number = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number) || !number)
		number = (uint32_t)getpid();
	return number;
}

static const char *bytes(const struct connections *c, uint64_t n, char text[static AMOUNT])
{
	return !c->measured ? "-" : c->lost ? "?" : amount(n, text);
}

static const char *result_of(const struct journal_entry *e)
{
	return e->err == -EINPROGRESS ? "begun" : e->err ? err_text(e->err) : "ok";
}

static void add_row(struct table *t, const struct connections *c)
{
	const struct journal_entry *const e = &c->first;
	char text[AMOUNT];

	table_row(t);
	table_cell(t, "%s%s", e->target, e->udp ? "/udp" : "");
	table_cell(t, "%s", *e->via ? e->via : "-");
	if (c->ms >= 0)
		table_cell(t, "%d", (int)c->ms);
	else
		table_cell(t, "-");
	table_cell(t, "%s", bytes(c, e->sent, text));
	table_cell(t, "%s", bytes(c, e->received, text));
	table_cell(t, "%u", c->n);
	table_cell(t, "%s", *e->program ? e->program : "?");
	table_cell(t, "%s", result_of(e));
}

static void print_table(const struct connections *all, size_t n, const struct journal_counts *counts)
{
	static const char *const heads[] = {"DESTINATION", "VIA", "MS", "UP", "DOWN", "COUNT", "PROGRAM", "RESULT"};
	struct table t = {.right = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5};

	table_row(&t);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		table_cell(&t, "%s", heads[i]);
	for (size_t i = 0; i < n; i++)
		add_row(&t, &all[i]);
	if (n)
		table_print(&t, stderr, 0, 0);
	fprintf(stderr, "%u proxied, %u direct, %u refused\n", counts->of[JOURNAL_PROXIED], counts->of[JOURNAL_DIRECT],
		counts->of[JOURNAL_REFUSED]);
}

static void print_one(const struct connections *c)
{
	const struct journal_entry *const e = &c->first;
	const bool known = c->measured && !c->lost;

	json_begin(NULL, '{');
	json_string("destination", e->target);
	json_string("protocol", e->udp ? "udp" : "tcp");
	json_string("via", *e->via ? e->via : NULL);
	json_string("program", *e->program ? e->program : NULL);
	if (c->ms >= 0)
		json_number("ms", (double)c->ms);
	if (known)
		json_number("sent", (double)e->sent);
	if (known)
		json_number("received", (double)e->received);
	json_number("count", c->n);
	json_string("result", result_of(e));
	json_end('}');
}

static void print_json(const struct connections *all, size_t n, const struct journal_counts *counts)
{
	json_use(stderr);
	json_begin(NULL, '{');
	json_begin("connections", '[');
	for (size_t i = 0; i < n; i++)
		print_one(&all[i]);
	json_end(']');
	json_number("proxied", counts->of[JOURNAL_PROXIED]);
	json_number("direct", counts->of[JOURNAL_DIRECT]);
	json_number("refused", counts->of[JOURNAL_REFUSED]);
	json_end('}');
	fputc('\n', stderr);
}

static void print_report(const struct journal_file *f, const struct journal_counts *counts, uint32_t number, bool as_json)
{
	size_t n;
	struct connections *const all = connections_read(f, number, &n);

	n = all ? connections_group(all, n) : 0;
	(as_json ? print_json : print_table)(all, n, counts);
	free(all);
}

/* What the child is to run. */
struct work {
	const struct config *config;
	char **command;
};

static int do_work(void *work)
{
	const struct work *const w = work;

	return run(w->config, w->command);
}

int report(const struct config *c, char *command[], bool as_json)
{
	const uint32_t number = make_number();
	struct journal_file *const f = connections_begin();
	char text[16];

	if (!f)
		return STATUS_FAILED;
	snprintf(text, sizeof(text), "%u", number);
	setenv("SOCKSIFY_REPORT", text, 1);
	struct watch w = {f, sockets_watch()};
	struct journal_counts *const counts = take_counts(f, number);
	const pid_t pid = child_start(do_work, &(struct work){c, command});
	if (pid < 0)
		return STATUS_FAILED;
	const int status = child_wait(pid, &(struct child_meanwhile){tick, &w, TICK_MS, w.ends});
	wait_for_ends(&w, number);
	print_report(f, counts, number, as_json);
	counts->report = 0;
	return child_end(status);
}
