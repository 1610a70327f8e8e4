/* SPDX-License-Identifier: MIT */
/* app: read the configuration once, whichever thread comes first, and let nobody connect before. */
#include "hook/app.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cancel.h"
#include "core/base/env.h"
#include "core/base/futex.h"
#include "core/base/log.h"
#include "core/base/log_sink.h"
#include "core/base/pages.h"
#include "core/base/reentry.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/exec/privilege.h"
#include "core/journal/journal.h"
#include "core/names/placeholder.h"
#include "dns/udp_server.h"
#include "fd/fork_gate.h"
#include "fd/limit.h"
#include "fd/process.h"
#include "self.h"
#include "udp/udp.h"

enum { UNREAD, READING, READ };

static struct config config;
static struct app app;
EARLY static atomic_uint state; /* a futex */
static __thread bool reading;   /* true while this thread is inside read_config() */

/* What app_enter() returns while this thread reads the configuration: an app without one, so nothing may leave. */
static const struct app closed;

static const char *program_name(void)
{
	static char path[4096];
	const ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	const char *slash = n > 0 ? memrchr(path, '/', (size_t)n) : NULL;

	return slash ? slash + 1 : NULL;
}

/* Log each mistake on a line of its own. */
static void report(const char *problems)
{
	while (*problems) {
		const size_t n = strcspn(problems, "\n");
		log_line(LOG_ERROR, "%.*s", (int)n, problems);
		problems += n + (problems[n] == '\n');
	}
}

/* Some lines are logged before the configuration is read, for instance by programs that only start others. */
static void log_early(void)
{
	const char *level = env_get("SOCKSIFY_LOG"), *file = env_get("SOCKSIFY_LOG_FILE");

	log_use(level && strcmp(level, "silent") == 0 ? LOG_SILENT : LOG_ERROR, file && *file == '/' ? file : NULL, LOG_TEXT);
}

void app_start(void)
{
	EARLY static atomic_bool started;

	if (started)
		return;
	env_capture(environ);
	sys_mark(sys_marker_of(env_get(SYS_MARKER)));
	privilege_heed(env_get(SYS_MARKER));
	sys_heed_strict(env_get(SYS_MARKER));
	self_capture(environ);
	log_sink_start();
	log_early();
	started = true;
}

static void read_config(void)
{
	SCRATCH_TEXT(problems, 2048);

	app_start();
	app.program = program_name();
	journal_use(app.program);
	log_program(app.program);
	if (!config_load(&config, &problems)) {
		report(problems.at);
		return;
	}
	app.config = &config;
	log_use(config.log, config.log_file, config.log_format);
	placeholder_use(&config);
	if (config.listen != LISTEN_LOCAL || config.listeners)
		bound_name_use();
	else
		bound_name_unused = true;
	udp_use(&app);
	dns_udp_server_use(&app);
}

/* Block signals: a handler that connected meanwhile would find that nothing may leave. Others wait, so do not be cancelled. */
static void read_undisturbed(void)
{
	const int saved = errno;
	sigset_t all, before;
	struct hold held;

	sigfillset(&all);
	cancel_hold(&held);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	reading = true;
	limit_run_beyond(read_config);
	reading = false;
	state = config.starved ? UNREAD : READ;
	futex_wake(&state, INT_MAX);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	cancel_release(&held);
	errno = saved;
}

/* Returns the closed app if reading failed for a reason that may pass: the next call tries again. */
static const struct app *read_or_wait(void)
{
	unsigned unread = UNREAD;

	fork_gate_use();
	if (atomic_compare_exchange_strong(&state, &unread, READING))
		read_undisturbed();
	while (state == READING)
		futex_wait(&state, READING, NULL);
	return state == READ ? &app : &closed;
}

const struct app *app_enter(void)
{
	if (reading)
		return &closed;
	if (reentered())
		return NULL;
	process_enter();
	if (!process_marked)
		process_mark();
	return state == READ ? &app : read_or_wait();
}

void app_forked(void)
{
	if (state == READING && !reading)
		state = UNREAD; /* the thread that was reading does not exist here */
}
