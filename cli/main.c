/* SPDX-License-Identifier: MIT */
/* socksify: run a program with its network connections going through proxies. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bare.h"
#include "beside.h"
#include "cli/check/check.h"
#include "cli/doctor/doctor.h"
#include "cli/explain/explain.h"
#include "cli/expose/expose.h"
#include "cli/hops/hops.h"
#include "cli/import/import.h"
#include "cli/report/report.h"
#include "cli/report/top.h"
#include "cli/run/run.h"
#include "cli/serve/serve.h"
#include "cli/shell/completion.h"
#include "cli/shell/exports.h"
#include "cli/shell/shell.h"
#include "conf/config.h"
#include "configure.h"
#include "core/base/env.h"
#include "core/base/log.h"
#include "core/exec/preload_list.h"
#include "core/route/isolate.h"
#include "help.h"
#include "keep.h"
#include "options.h"
#include "proxy_variables.h"
#include "route.h"
#include "say.h"
#include "secrets.h"
#include "settings.h"
#include "state.h"

/* True, after a message, if what this program itself connects to would go through a chain already. */
static bool is_proxied(const char *what)
{
	size_t n;

	if (!preload_list_ours(getenv("LD_PRELOAD"), &n))
		return false;
	say("this shell is proxied, and so would be %s: run it from one that is not", what);
	return true;
}

/* Tell the command and all that it starts which user name they share. */
static void name_run(const struct config *c)
{
	char run[ISOLATE_RUN];

	isolate_new_run(run);
	if (c->isolate != ISOLATE_NONE)
		settings_put(ISOLATE_VARIABLE, run);
}

/* A program that cannot write its log says nothing of it: true if it can, else false after a message. */
static bool can_log(const struct config *c)
{
	const int fd = c->log_file ? open(c->log_file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600) : -1;

	if (fd >= 0)
		close(fd);
	if (!c->log_file || fd >= 0 || errno == ENXIO) /* a pipe that nobody reads yet */
		return true;
	say("cannot write the log '%s': %s", c->log_file, strerror(errno));
	return false;
}

static void use_log(const struct config *c)
{
	log_use(c->log, c->log_file, c->log_format);
	log_program("socksify");
}

/* Make the environment of the command. Returns false after a message. */
static bool prepare(const struct config *c, const char *gone[static PROXY_VARIABLES + 1])
{
	use_log(c);
	if (!can_log(c) || !proxy_variables_remove(c, gone) || !secrets_hide(false))
		return false;
	name_run(c);
	return true;
}

static int run_with(const struct config *c, const struct options *o, char *command[])
{
	const char *gone[PROXY_VARIABLES + 1];

	if (o->file) {
		use_log(c);
		return run_file(c, o->file, o->command);
	}
	if (!command || !prepare(c, gone))
		return STATUS_FAILED;
	/* Then an exec that the guard could carry fails at once, without the configuration's being read. */
	if (c->guard == GUARD_OFF && !settings_put("SOCKSIFY_GUARD", "off"))
		return STATUS_FAILED;
	keep(c);
	return o->report ? report(c, command, o->json) : run(c, command);
}

static int print_env(const struct config *c, const char *shell)
{
	const char *gone[PROXY_VARIABLES + 1];

	return prepare(c, gone) && run_prepare() && exports_print(shell, gone) ? 0 : STATUS_FAILED;
}

/* Get the passwords that commands print, and read the configuration again with them. */
static bool complete(struct config *c)
{
	bool ran;
	const bool fine = secrets_run_commands(c, &ran);

	if (fine && !ran)
		return true;
	config_free(c);
	return fine && configure(c);
}

static void warn(const struct options *o)
{
	const char *const log = getenv("SOCKSIFY_LOG");

	if (o->exposed && isatty(STDERR_FILENO) && (!log || strcmp(log, "silent") != 0))
		say("others could read the password on the command line for a moment: 'socks5://USER@HOST' asks for it, and ~/.socksify.ini keeps it");
}

/* What there is to do, and by which configuration. */
struct work {
	const struct options *options;
	struct config config;
};

static int do_work(void *work)
{
	struct work *const w = work;
	const struct options *const o = w->options;

	if (o->verb == VERB_CHECK)
		return check(&w->config, o->argument, o->second, o->json);
	if (o->verb == VERB_EXPLAIN)
		return explain(&w->config, o->argument, o->json);
	if (o->verb == VERB_SERVE)
		return serve(&w->config, o->argument);
	if (o->verb == VERB_EXPOSE)
		return expose(&w->config, o->argument);
	if (o->verb == VERB_ENV)
		return print_env(&w->config, o->argument);
	return run_with(&w->config, o, o->verb == VERB_SHELL ? shell_command() : o->command);
}

/* Returns the only route that --check NAME looks at, NULL for all. */
static const struct route *only_route(const struct work *w)
{
	const char *const name = w->options->verb == VERB_CHECK ? w->options->argument : NULL;

	return name ? config_route(&w->config, name, strlen(name)) : NULL;
}

static int do_work_with_hops(struct work *w)
{
	const struct route *const only = only_route(w);

	if (w->options->verb == VERB_EXPLAIN || hops_are_there(&w->config, only))
		return do_work(w);
	if (w->options->verb == VERB_ENV) {
		say("the first hop lasts as long as this program, so there is nothing to print: '--shell' starts a shell beside it");
		return STATUS_FAILED;
	}
	if (is_proxied("the way to the first hop"))
		return STATUS_FAILED;
	const enum verb verb = w->options->verb;
	const int status = verb == VERB_RUN && !w->options->file ? run_prove(w->options->command) : 0;
	return status ? status : beside_hops(&w->config, only, verb == VERB_CHECK, do_work, w);
}

/* -x takes the place of -c, in which a mistake is a mistake all the same. */
static bool knows_chain(const struct config *c, const char *name)
{
	if (!name || config_route(c, name, strlen(name)))
		return true;
	route_unknown(c, name);
	return false;
}

static int with_config(const struct options *o)
{
	struct work w = {.options = o};

	warn(o);
	if ((o->verb == VERB_CHECK && is_proxied("'--check'")) || (o->verb == VERB_SERVE && is_proxied("'--serve'")) ||
	    (o->verb == VERB_EXPOSE && is_proxied("'--expose'")))
		return STATUS_FAILED;
	if (!secrets_hide(o->verb != VERB_EXPLAIN) || !configure(&w.config) || (o->verb != VERB_EXPLAIN && !complete(&w.config)))
		return STATUS_FAILED;
	const int status = knows_chain(&w.config, o->chain) ? do_work_with_hops(&w) : STATUS_FAILED;
	config_free(&w.config);
	return status;
}

static int import_verb(const char *file)
{
	TEXT(problem, 2 * PATH_MAX);

	if (import(file, stdout, &problem))
		return 0;
	say("%s", problem.at);
	return STATUS_FAILED;
}

static int top_verb(const struct options *o)
{
	env_capture(environ);
	return top(o->once, o->json);
}

static int without_arguments(void)
{
	if (!isatty(STDOUT_FILENO)) {
		help_usage(stderr);
		return STATUS_FAILED;
	}
	help_print(stdout);
	state_print();
	return 0;
}

int main(int argc, char *argv[])
{
	struct options o;
	int status = 0;

	bare(argv);
	if (argc < 2)
		return without_arguments();
	if (!options_parse(&o, argv))
		return STATUS_FAILED;
	if (o.verb == VERB_HELP)
		help_print(stdout);
	else if (o.verb == VERB_VERSION)
		puts("socksify " VERSION);
	else if (o.verb == VERB_TOP)
		status = top_verb(&o);
	else if (o.verb == VERB_IMPORT)
		status = import_verb(o.argument);
	else if (o.verb == VERB_COMPLETION)
		status = completion_print(o.argument) ? 0 : STATUS_FAILED;
	else if (o.verb == VERB_NAMES)
		completion_names();
	else if (o.verb == VERB_DOCTOR)
		status = doctor(o.command, o.json);
	else
		status = with_config(&o);
	if (fflush(stdout) != 0) {
		say("cannot write the answer");
		return STATUS_FAILED;
	}
	return status;
}
