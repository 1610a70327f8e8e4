/* SPDX-License-Identifier: MIT */
/* option_table: what each option does. */
#include "option_table.h"

#include <limits.h>
#include <string.h>

#include "core/base/text.h"
#include "core/exec/launcher.h"
#include "given.h"
#include "mistakes.h"
#include "say.h"
#include "secrets.h"
#include "settings.h"

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

static bool take_chain(struct options *o, const struct option *row, const char *value)
{
	o->chain = value;
	return take_variable(o, row, value);
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

static bool take_execute(struct options *o, const struct option *row, const char *value)
{
	(void)row;
	o->file = value;
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

static bool take_log_json(struct options *o, const struct option *row, const char *value)
{
	(void)o, (void)value;
	mistakes_typed(row->variable, "--log-json");
	return settings_put(row->variable, "json");
}

static bool take_strict(struct options *o, const struct option *row, const char *value)
{
	(void)o, (void)value;
	mistakes_typed(row->variable, "--strict");
	return settings_put(row->variable, "yes");
}

/* "" as `left`: the row above or below says it. The last row ends the table. */
static const struct option table[] = {
	{'f', "config", "FILE", take_config, "SOCKSIFY_CONFIG", 0, COMPLETE_FILE, "read FILE instead of ~/.socksify.ini", NULL},
	{'c', "chain", "NAME", take_chain, "SOCKSIFY_CHAIN", 0, COMPLETE_CHAIN, "the way for destinations that no rule names", NULL},
	{'x', "proxy", "[NAME=]URL", take_proxy, NULL, 0, 0, "add a hop; repeat for a chain (NAME: for -r, -c)", NULL},
	{'r', "rule", "PATTERN=VIA", take_rule, NULL, 0, COMPLETE_RULE, "a rule, as in '*.lan=direct' or ':25=block'", NULL},
	{'o', "set", "KEY=VALUE", take_setting, NULL, 0, COMPLETE_KEY, "override a key of [socksify]", NULL},
	{'q', "quiet", NULL, take_quiet, NULL, 0, 0, "say nothing", ""},
	{'v', "verbose", NULL, take_verbose, NULL, 0, 0, "say nothing; log connections, steps, everything", "-q, -v, -vv, -vvv"},
	{0, "log", "FILE", take_variable, "SOCKSIFY_LOG_FILE", 0, COMPLETE_FILE, "append the log to FILE", NULL},
	{0, "log-json", NULL, take_log_json, "SOCKSIFY_LOG_FORMAT", 0, 0, "write the log as JSON lines", ""},
	{0, "report", NULL, take_report, NULL, 0, 0, "print a table of the connections at the end", NULL},
	{0, "guard", "MODE", take_variable, "SOCKSIFY_GUARD", 0, COMPLETE_MODE, "auto, require, off: carry what the library cannot",
	 NULL},
	{0, "strict", NULL, take_strict, "SOCKSIFY_STRICT", 0, 0, "Landlock, too: for code that goes past the guard", NULL},
	{0, "unsafe", NULL, take_unsafe, "SOCKSIFY_UNSAFE", 0, 0, "run it even if some of it goes unproxied", NULL},
	{0, LAUNCHER_OPTION, "FILE", take_execute, NULL, 0, 0, "execute FILE; COMMAND is its name and arguments", ""},
	{'h', "help", NULL, take_verb, NULL, VERB_HELP, 0, "show this; the version", "-h, --help; -V, --version"},
	{'V', "version", NULL, take_verb, NULL, VERB_VERSION, 0, "show the version", ""},
	{0, NULL, NULL, NULL, NULL, 0, 0, "Instead of a command (--json: for programs to read):", NULL},
	{0, "check", "[NAME] [HOST:PORT]", take_verb, NULL, VERB_CHECK, COMPLETE_CHAIN, "try out the chains, show and time each leg",
	 NULL},
	{0, "explain", "HOST[:PORT][/udp]", take_verb, NULL, VERB_EXPLAIN, COMPLETE_HOST, "which rule and chain decide; nothing is sent",
	 NULL},
	{0, "doctor", "COMMAND", take_verb, NULL, VERB_DOCTOR, COMPLETE_COMMAND, "what carries it; if nothing, what to type", NULL},
	{0, "import", "[FILE]", take_verb, NULL, VERB_IMPORT, COMPLETE_FILE, "proxychains.conf and others as socksify.ini", NULL},
	{0, "shell", NULL, take_verb, NULL, VERB_SHELL, 0, "start $SHELL with everything in it proxied", NULL},
	{0, "env", "[SHELL]", take_verb, NULL, VERB_ENV, COMPLETE_SHELL, "what a shell evaluates to be proxied", NULL},
	{0, "serve", "[ADDRESS:]PORT", take_verb, NULL, VERB_SERVE, 0, "be a local SOCKS5 and HTTP CONNECT proxy", NULL},
	{0, "expose", "[PROXY-PORT:]PORT", take_verb, NULL, VERB_EXPOSE, 0, "let the far side reach a port here", NULL},
	{0, "top", NULL, take_verb, NULL, VERB_TOP, 0, "all your connections, live (--once: a table)", NULL},
	{0, "once", NULL, take_once, NULL, 0, 0, "--top: show them once", ""},
	{0, "json", NULL, take_json, NULL, 0, 0, "make --check, --explain, --doctor, --top and --report machine-readable", ""},
	{0, "completion", "SHELL", take_verb, NULL, VERB_COMPLETION, COMPLETE_SHELL, "print the completion for a shell", ""},
	{0, "names", NULL, take_verb, NULL, VERB_NAMES, 0, "print the names of chains and proxies", ""},
	{0},
};

const struct option *option_at(int i)
{
	return table[i].help ? &table[i] : NULL;
}

bool option_may_lack_argument(const struct option *row)
{
	const char *const a = row->argument;

	return a && a[0] == '[' && a[strlen(a) - 1] == ']';
}
