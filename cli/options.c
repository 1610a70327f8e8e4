/* SPDX-License-Identifier: MIT */
/* options: one table of options, which parses the command line and prints the help. */
#include "options.h"

#include <limits.h>
#include <string.h>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/exec/launcher.h"
#include "given.h"
#include "mistakes.h"
#include "say.h"
#include "secrets.h"
#include "settings.h"

enum { COLUMN = 28 }; /* where the explanations in --help begin */

struct option;
typedef bool take(struct options *, const struct option *, const char *value);

/* A row says how an option is written, what it does, and what --help says about it. */
struct option {
	char letter; /* '\0': has a long name only */
	const char *name;
	const char *argument; /* NULL: takes none; "[NAME]": may be left out */
	take *take;
	const char *variable; /* for take_variable */
	enum verb verb;       /* for take_verb */
	const char *help;
};

static bool take_variable(struct options *o, const struct option *row, const char *value)
{
	TEXT(flag, 16);

	(void)o;
	if (row->letter)
		text_add(&flag, "-%c", row->letter);
	else
		text_add(&flag, "--%s", row->name);
	mistakes_typed(row->variable, flag.at);
	return settings_put(row->variable, value);
}

static bool take_config(struct options *o, const struct option *row, const char *value)
{
	static char bytes[PATH_MAX];
	struct text path = {.at = bytes, .size = sizeof(bytes)};
	TEXT(flag, 64);

	if (!given_is_stream(value))
		return take_variable(o, row, value);
	if (!given_copy(value, &path))
		return false;
	text_add(&flag, "-f %s", value);
	mistakes_typed(path.at, flag.at);
	return settings_put(row->variable, path.at);
}

static bool take_setting(struct options *o, const struct option *row, const char *value)
{
	(void)o, (void)row;
	return settings_put_key(value);
}

static bool take_proxy(struct options *o, const struct option *row, const char *value)
{
	(void)row;
	mistakes_typed("SOCKSIFY_PROXY", "-x");
	const bool joined = settings_join_proxy(&o->proxies, value);
	o->exposed |= secrets_wipe((char *)value); /* an argument of main() is writable */
	return joined;
}

static bool take_rule(struct options *o, const struct option *row, const char *value)
{
	(void)row;
	mistakes_typed("SOCKSIFY_RULES", "-r");
	const bool joined = settings_join_rule(&o->rules, value);
	o->exposed |= secrets_wipe((char *)value);
	return joined;
}

static bool take_quiet(struct options *o, const struct option *row, const char *value)
{
	(void)row, (void)value;
	o->verbosity = 0;
	return settings_put("SOCKSIFY_LOG", "silent");
}

static bool take_verbose(struct options *o, const struct option *row, const char *value)
{
	static const char *const levels[] = {"info", "debug", "trace"};

	(void)row, (void)value;
	if (o->verbosity < 3)
		o->verbosity++;
	return settings_put("SOCKSIFY_LOG", levels[o->verbosity - 1]);
}

static bool take_unsafe(struct options *o, const struct option *row, const char *value)
{
	(void)o, (void)value;
	return settings_put(row->variable, "yes");
}

static bool take_report(struct options *o, const struct option *row, const char *value)
{
	(void)row, (void)value;
	return o->report = true;
}

static bool take_verb(struct options *o, const struct option *row, const char *value)
{
	if (o->verb_name) {
		say("'--%s' and '--%s' cannot be asked for at once", o->verb_name, row->name);
		return false;
	}
	o->verb = row->verb;
	o->verb_name = row->name;
	o->argument = value;
	return true;
}

static bool take_once(struct options *o, const struct option *row, const char *value)
{
	(void)row, (void)value;
	return o->once = true;
}

static bool take_json(struct options *o, const struct option *row, const char *value)
{
	(void)row, (void)value;
	o->json = true;
	return true;
}

static bool take_execute(struct options *o, const struct option *row, const char *value)
{
	(void)row;
	o->file = value;
	return true;
}

static bool take_later(struct options *o, const struct option *row, const char *value)
{
	(void)o, (void)value;
	say("--%s is not here yet", row->name);
	return false;
}

static const struct option table[] = {
	{'f', "config", "FILE", take_config, "SOCKSIFY_CONFIG", 0, "read FILE instead of ~/.socksify.ini"},
	{'c', "chain", "NAME", take_variable, "SOCKSIFY_CHAIN", 0, "the way for destinations that no rule names"},
	{'x', "proxy", "[NAME=]URL", take_proxy, NULL, 0, "add a hop; repeat for a chain; with NAME for -r, -c to name"},
	{'r', "rule", "PATTERN=VIA", take_rule, NULL, 0, "a rule ahead of the file's, as in '*.lan=direct', ':25=block'"},
	{'o', "set", "KEY=VALUE", take_setting, NULL, 0, "override a key of [socksify]"},
	{'q', "quiet", NULL, take_quiet, NULL, 0, "say nothing"},
	{'v', "verbose", NULL, take_verbose, NULL, 0, "log connections; -vv steps, -vvv everything"},
	{0, "log", "FILE", take_variable, "SOCKSIFY_LOG_FILE", 0, "append the log to FILE instead of stderr"},
	{0, "log-json", NULL, take_later, NULL, 0, "write the log as JSON lines"},
	{0, "report", NULL, take_report, NULL, 0, "print a table of the connections at the end"},
	{0, "guard", "MODE", take_variable, "SOCKSIFY_GUARD", 0, "auto, require or off: carry what the library cannot see"},
	{0, "unsafe", NULL, take_unsafe, "SOCKSIFY_UNSAFE", 0, "run a program even if some of it goes unproxied"},
	{0, LAUNCHER_OPTION, "FILE", take_execute, NULL, 0, "execute FILE; COMMAND is its name and arguments"},
	{'h', "help", NULL, take_verb, NULL, VERB_HELP, "show this"},
	{'V', "version", NULL, take_verb, NULL, VERB_VERSION, "show the version"},
	{0, NULL, NULL, NULL, NULL, 0, "Instead of a command:"},
	{0, "check", "[NAME] [HOST:PORT]", take_verb, NULL, VERB_CHECK, "try out the chains, show and time every step"},
	{0, "explain", "HOST[:PORT][/udp]", take_verb, NULL, VERB_EXPLAIN, "which rule and chain decide it; nothing is sent"},
	{0, "serve", "[ADDRESS:]PORT", take_verb, NULL, VERB_SERVE, "offer all that as a local SOCKS5 and HTTP CONNECT proxy"},
	{0, "doctor", "COMMAND", take_later, NULL, 0, "can this program be wrapped; if not, why"},
	{0, "import", "[FILE]", take_verb, NULL, VERB_IMPORT, "another tool's configuration as socksify.ini"},
	{0, "shell", NULL, take_later, NULL, 0, "start $SHELL with everything in it proxied"},
	{0, "env", NULL, take_later, NULL, 0, "print export lines for a shell to read"},
	{0, "top", NULL, take_verb, NULL, VERB_TOP, "the user's socksified connections, live"},
	{0, "once", NULL, take_once, NULL, 0, "--top: show them once"},
	{0, "json", NULL, take_json, NULL, 0, "make --check, --explain and --top machine-readable"},
};

#define EACH_OPTION(row) for (const struct option *row = table; row < table + sizeof(table) / sizeof(*table); row++)

/* "[NAME]" may be left out, "[ADDRESS:]PORT" may not. */
static bool may_lack_argument(const struct option *row)
{
	return row->argument[0] == '[' && row->argument[strlen(row->argument) - 1] == ']';
}

/* Hand the option its value: the one attached to it, else the next argument. */
static bool give(struct options *o, const struct option *row, const char *attached, char ***at)
{
	const char *value = attached;

	if (row->take == take_later)
		return row->take(o, row, NULL);
	if (!row->argument && attached) {
		say("'--%s' takes no value", row->name);
		return false;
	}
	if (row->argument && !value && **at && (!may_lack_argument(row) || (**at)[0] != '-'))
		value = *(*at)++;
	if (row->argument && !may_lack_argument(row) && (!value || !*value)) {
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

/* "-q", "-vv", "-xURL", "-vx URL" */
static bool short_options(struct options *o, const char *letters, char ***at)
{
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

bool options_parse(struct options *o, char *argv[])
{
	char **at = argv + 1;

	*o = (struct options){0};
	while (*at && (*at)[0] == '-' && (*at)[1]) {
		const char *arg = *at++;

		if (strcmp(arg, "--") == 0)
			break;
		if (!(arg[1] == '-' ? long_option(o, arg + 2, &at) : short_options(o, arg + 1, &at)))
			return false;
		if (o->verb == VERB_HELP || o->verb == VERB_VERSION)
			return true;
	}
	o->command = at;
	if (o->verb == VERB_CHECK && *at)
		o->second = *at++;
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

void options_usage(FILE *to)
{
	fputs("usage: socksify [OPTION]... [--] COMMAND [ARG]...\n"
	      "   as in: socksify -x socks5://127.0.0.1:1080 curl https://example.com/\n"
	      "'socksify --help' lists the options.\n",
	      to);
}

void options_help(FILE *to)
{
	fputs("usage: socksify [OPTION]... [--] COMMAND [ARG]...\n"
	      "Run COMMAND with its TCP connections and name look-ups going through SOCKS and HTTP proxies.\n\n",
	      to);
	EACH_OPTION(row) {
		TEXT(left, 80);

		if (!row->name) {
			fprintf(to, "\n%s\n", row->help);
			continue;
		}
		if (row->letter)
			text_add(&left, "-%c, ", row->letter);
		else
			text_add(&left, "    ");
		text_add(&left, "--%s%s%s", row->name, row->argument ? " " : "", row->argument ? row->argument : "");
		if (left.len >= COLUMN)
			fprintf(to, "  %s\n%*s", left.at, COLUMN + 2, "");
		else
			fprintf(to, "  %-*s", COLUMN, left.at);
		fprintf(to, "%s%s\n", row->help, row->take == take_later ? " (not yet)" : "");
	}
	fputs("\nThe exit status is the command's; 125 if socksify itself fails, 126 if the command cannot be run\n"
	      "or proxied, 127 if it is not found. See socksify(1) and socksify.ini(5).\n",
	      to);
}
