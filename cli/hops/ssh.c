/* SPDX-License-Identifier: MIT */
/* ssh: ask `ssh -G` where the user's own master is, or start one in the background. */
#include "cli/hops/ssh.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/hops/master.h"
#include "cli/hops/tool.h"
#include "cli/say.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/thread.h"

enum { WORDS = 32, CONFIG_MAX = 64 * 1024, REST_MS = 5000 };

/* A command line: the words, and room for those that are made up. */
struct line {
	const char *words[WORDS + 1];
	size_t n;
	char host[ADDR_TEXT], port[8], path[SSH_CONTROL + 16];
};

static void add(struct line *l, const char *word)
{
	if (l->n < WORDS)
		l->words[l->n++] = word;
}

static void add_option(struct line *l, const char *option)
{
	add(l, "-o");
	add(l, option);
}

/* Whom to log in to as whom; what the URL leaves out is up to ssh's configuration. */
static void add_host(struct line *l, const struct proxy *p)
{
	struct addr host = p->addr;

	if (p->username[0]) {
		add(l, "-l");
		add(l, p->username);
	}
	if (host.port) {
		snprintf(l->port, sizeof(l->port), "%u", host.port);
		add(l, "-p");
		add(l, l->port);
	}
	host.port = 0;
	add(l, "--");
	add(l, addr_string(&host, l->host));
}

/* What ssh's configuration says of this host, "key value" in lines, each behind a newline. */
static void read_configuration(const struct proxy *p, struct text *to)
{
	struct line l = {0};

	text_add(to, "\n");
	add(&l, "ssh");
	add(&l, "-G");
	add_host(&l, p);
	if (tool_run(l.words, to, STDERR_FILENO) != 0)
		to->at[0] = '\0';
}

/* Copy the value of a key, given as "\nkey ". Returns false if there is none, or one that is too long. */
static bool get(const struct text *configuration, const char *key, char *to, size_t size)
{
	const char *const at = strstr(configuration->at, key);
	const size_t n = at ? strcspn(at + strlen(key), "\n") : 0;

	if (!n || n >= size)
		return false;
	memcpy(to, at + strlen(key), n);
	to[n] = '\0';
	return true;
}

static bool is_on_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* It goes to the background once it is logged in and listens. By ControlPersist it ends by itself if we are killed. */
static int start(const struct ssh *s, bool may_ask)
{
	struct line l = {0};

	snprintf(l.path, sizeof(l.path), "ControlPath=%s", s->control);
	add(&l, "ssh");
	add(&l, "-NTax");
	add_option(&l, "ControlMaster=yes");
	add_option(&l, l.path);
	add_option(&l, "ControlPersist=3");
	add_option(&l, "ClearAllForwardings=yes");
	if (s->unwatched)
		add_option(&l, "ServerAliveInterval=20");
	if (!may_ask)
		add_option(&l, "BatchMode=yes");
	add_host(&l, s->proxy);
	return tool_run(l.words, NULL, STDERR_FILENO);
}

static void say_failure(const struct proxy *p, int status)
{
	TEXT(url, PROXY_TEXT);

	proxy_text(p, &url);
	if (status < 0)
		say("cannot run 'ssh' for '%s': %s", url.at, strerror(-status));
	else
		say("cannot log in to '%s': ssh has failed", url.at);
}

bool ssh_log_in(struct ssh *s, const struct proxy *p, const char *path)
{
	static char bytes[CONFIG_MAX];
	struct text configuration = {.at = bytes, .size = sizeof(bytes)};
	char seconds[16];

	*s = (struct ssh){.proxy = p, .hold = -1};
	bytes[0] = '\0';
	read_configuration(p, &configuration);
	get(&configuration, "\nhostname ", s->host, sizeof(s->host));
	if (get(&configuration, "\ncontrolpath ", s->control, sizeof(s->control)))
		s->hold = master_join(s->control);
	if (s->hold >= 0)
		return true;
	s->unwatched = get(&configuration, "\nserveraliveinterval ", seconds, sizeof(seconds)) && strcmp(seconds, "0") == 0;
	snprintf(s->control, sizeof(s->control), "%s", path);
	const int status = start(s, is_on_terminal());
	s->hold = status ? -1 : master_join(path);
	s->ours = s->hold >= 0;
	if (s->hold < 0)
		say_failure(p, status);
	return s->hold >= 0;
}

static void *renew(void *ssh)
{
	struct ssh *const s = ssh;

	unlink(s->control);
	start(s, false);
	const int hold = master_join(s->control);
	if (hold >= 0)
		close(atomic_exchange(&s->hold, hold));
	s->rest = hold < 0 ? clock_in_ms(REST_MS) : 0;
	s->renewing = false;
	return NULL;
}

bool ssh_renew(struct ssh *s)
{
	TEXT(url, PROXY_TEXT);

	if (s->renewing)
		return true;
	if (!s->ours || clock_now() < s->rest)
		return false;
	proxy_text(s->proxy, &url);
	log_line(LOG_ERROR, "%s: ssh has gone; logging in again", url.at);
	s->renewing = true;
	if (!thread_start(renew, s))
		s->renewing = false;
	return s->renewing;
}

void ssh_log_out(struct ssh *s)
{
	if (s->hold >= 0 && s->ours)
		master_end(s->hold);
	else if (s->hold >= 0)
		close(s->hold);
	s->hold = -1;
}
