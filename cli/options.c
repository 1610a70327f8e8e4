/* SPDX-License-Identifier: MIT */
/* options: read the command line by the table. */
#include "options.h"

#include <string.h>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "option_table.h"
#include "say.h"
#include "settings.h"

/* Hand the option its value: the one attached to it, else the next argument. */
static bool give(struct options *o, const struct option *row, const char *attached, char ***at)
{
	const char *value = attached;

	if (!row->argument && attached) {
		say("'--%s' takes no value", row->name);
		return false;
	}
	if (row->argument && !value && **at && (!option_may_lack_argument(row) || (**at)[0] != '-'))
		value = *(*at)++;
	if (row->argument && !option_may_lack_argument(row) && (!value || !*value)) {
		say("'--%s' needs a value: %s", row->name, row->argument);
		return false;
	}
	return row->take(o, row, value);
}

static bool long_option(struct options *o, const char *name, char ***at)
{
	const size_t n = strcspn(name, "=");
	TEXT(typed, 64);
	TEXT(hint, 128);

	text_add(&typed, "%.*s", (int)n, name);
	struct suggest near = suggest_for(typed.at);
	EACH_OPTION(row) {
		if (!row->name)
			continue;
		if (strcmp(row->name, typed.at) == 0)
			return give(o, row, name[n] ? name + n + 1 : NULL, at);
		suggest_offer(&near, row->name);
	}
	if (near.best)
		text_add(&hint, "did you mean '--%s'?", near.best);
	say("unknown option '--%s'; %s", typed.at, near.best ? hint.at : "see 'socksify --help'");
	return false;
}

static const struct option *by_letter(char letter)
{
	EACH_OPTION(row)
		if (row->letter && row->letter == letter)
			return row;
	return NULL;
}

/* Returns the long name that was written with one dash, up to its '='; NULL if it is none. */
static const struct option *with_one_dash(const char *letters)
{
	const size_t n = strcspn(letters, "=");

	EACH_OPTION(row)
		if (row->name && strlen(row->name) == n && strncmp(row->name, letters, n) == 0)
			return row;
	return NULL;
}

/* "-q", "-vv", "-xURL", "-vx URL" */
static bool short_options(struct options *o, const char *letters, char ***at)
{
	const struct option *const meant = with_one_dash(letters);

	if (meant) {
		say("unknown option '-%s'; did you mean '--%s'?", meant->name, meant->name);
		return false;
	}
	for (; *letters; letters++) {
		const struct option *row = by_letter(*letters);

		if (!row) {
			say("unknown option '-%c'; see 'socksify --help'", *letters);
			return false;
		}
		if (row->argument)
			return give(o, row, letters[1] ? letters + 1 : NULL, at);
		if (!give(o, row, NULL, at))
			return false;
	}
	return true;
}

/* True if what follows is no option of ours. */
static bool ends_options(const struct options *o)
{
	return o->verb == VERB_HELP || o->verb == VERB_VERSION || o->verb == VERB_DOCTOR;
}

/* Returns the command whose first word is the option's value, attached to it or the word before `at`. */
static char **command_of_value(const struct options *o, char **at)
{
	static char *alone[2];

	if (at[-1] == o->argument)
		return at - 1;
	alone[0] = (char *)o->argument;
	return alone;
}

/* Read options up to what is none. */
static bool take_options(struct options *o, char ***at)
{
	while (**at && (**at)[0] == '-' && (**at)[1] && !ends_options(o)) {
		const char *arg = *(*at)++;

		if (strcmp(arg, "--") == 0)
			break;
		if (!(arg[1] == '-' ? long_option(o, arg + 2, at) : short_options(o, arg + 1, at)))
			return false;
	}
	return true;
}

/* Read the words of --check, in front of options or behind them. */
static bool take_words(struct options *o, char ***at)
{
	while (o->verb == VERB_CHECK && **at && !o->second) {
		*(o->argument ? &o->second : &o->argument) = *(*at)++;
		if (!take_options(o, at))
			return false;
	}
	return true;
}

/* False, after a message, if an option is there that means something elsewhere alone. */
static bool are_meant(const struct options *o)
{
	const unsigned runs = 1U << VERB_RUN | 1U << VERB_SHELL, tells = 1U << VERB_HELP | 1U << VERB_VERSION;
	const struct {
		bool given;
		unsigned verbs;
		const char *name, *where;
	} all[] = {
		{o->once, 1U << VERB_TOP, "once", "--top"},
		{o->report, runs, "report", "a command and --shell"},
		{o->json, 1U << VERB_CHECK | 1U << VERB_EXPLAIN | 1U << VERB_DOCTOR | 1U << VERB_TOP | (o->report ? runs : 0), "json",
		 "--check, --explain, --doctor, --top and --report"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].given && !((all[i].verbs | tells) >> o->verb & 1)) {
			say("'--%s' goes with %s alone", all[i].name, all[i].where);
			return false;
		}
	return true;
}

bool options_parse(struct options *o, char *argv[])
{
	char **at = argv + 1;

	*o = (struct options){0};
	if (!take_options(o, &at) || !take_words(o, &at) || !are_meant(o))
		return false;
	if (o->verb == VERB_DOCTOR)
		o->command = command_of_value(o, at);
	if (ends_options(o))
		return o->verb != VERB_DOCTOR || settings_finish(o->proxies, o->rules);
	o->command = at;
	if (o->verb != VERB_RUN && *at) {
		say("'--%s' takes no command, but there is '%s'", o->verb_name, *at);
		return false;
	}
	if (o->verb == VERB_RUN && !*at) {
		say("no command given; see 'socksify --help'");
		return false;
	}
	return settings_finish(o->proxies, o->rules);
}
