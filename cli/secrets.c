/* SPDX-License-Identifier: MIT */
/* secrets: read each URL, and write down its password. */
#include "secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "ask.h"
#include "conf/url.h"
#include "password_file.h"
#include "say.h"

/* Returns the URL in "[NAME=]URL" or "PATTERN=URL"; without any, the whole text. */
static char *url_in(char *item)
{
	char *const mark = strstr(item, "://"), *const equals = mark ? memrchr(item, '=', (size_t)(mark - item)) : NULL;

	return equals ? equals + 1 : item;
}

bool secrets_wipe(char *argument)
{
	struct url u;
	TEXT(problem, 512);

	if (!url_split(&u, url_in(argument), &problem) || !u.password.n)
		return false;
	memset(argument + (u.password.at - argument), '*', u.password.n);
	return true;
}

/* True if the proxy needs a password that nobody has been asked for yet. */
static bool needs_password(const struct proxy *p)
{
	return p->kind == PROXY_SOCKS5 && p->username[0] && !p->password[0] && !password_file_knows(p);
}

/* A password was to be asked for, and there was no terminal for it. */
static bool unasked;

static bool ask_for(struct proxy *p)
{
	TEXT(prompt, PROXY_TEXT + 32);

	text_add(&prompt, "password for ");
	proxy_text(p, &prompt);
	if (ask_is_possible())
		return ask(prompt.at, p->password, sizeof(p->password));
	say("the %s cannot be asked for without a terminal: USER:PASSWORD@ in the URL, or a [proxy] in ~/.socksify.ini, tells it",
	    prompt.at);
	unasked = true;
	return false;
}

static const char no_place[] = "XDG_RUNTIME_DIR is not the user's own, nor /dev/shm";

/* Write the URL down without its password: "socks5://alice@gw". */
static void strip(char *to, const char *url)
{
	struct url u;
	TEXT(problem, 512);

	if (url_split(&u, url, &problem) && u.password.at)
		sprintf(to, "%.*s%s", (int)(u.password.at - 1 - url), url, u.password.at + u.password.n);
	else
		strcpy(to, url);
}

/* True if the password of the URL is written down. */
static bool take(const char *name, const char *url, bool may_ask)
{
	struct proxy p;
	TEXT(problem, 512);

	const bool read = proxy_read(&p, url, &problem);
	p.name = name;
	const bool asked = read && may_ask && needs_password(&p) && ask_for(&p);
	const bool taken = read && p.password[0] && password_file_put(&p, p.password);
	if (asked && !taken)
		say("there is no place for the password: %s", no_place);
	explicit_bzero(&p, sizeof(p));
	return taken;
}

/* Append "[NAME=]URL" or "PATTERN=URL" to `to`, without its password if that found a place. */
static void hide_one(char *to, char *item, bool named, bool may_ask)
{
	char *const url = url_in(item);
	TEXT(name, 512);

	if (url > item) {
		to = stpncpy(to, item, (size_t)(url - item));
		text_add(&name, "%.*s", (int)(url - item - 1), item);
	}
	if (take(named && name.len ? name.at : NULL, url, may_ask))
		strip(to, url);
	else
		strcpy(to, url);
}

/* Do that with each item of a list, of which `to` has room for a copy. */
static void hide_each(char *to, char *list, const char *separator, bool may_ask)
{
	const bool named = *separator == ',';
	char *save, *const first = to;

	for (char *item = strtok_r(list, separator, &save); item; item = strtok_r(NULL, separator, &save)) {
		if (to > first)
			*to++ = *separator;
		hide_one(to, item, named, may_ask);
		to += strlen(to);
	}
}

static bool hide(const char *variable, const char *separator, bool may_ask)
{
	const char *const list = getenv(variable);
	char *const copy = list ? strdup(list) : NULL, *const hidden = list ? calloc(1, strlen(list) + 1) : NULL;

	if (!list)
		return true;
	if (copy && hidden)
		hide_each(hidden, copy, separator, may_ask);
	const bool done = copy && hidden && setenv(variable, hidden, 1) == 0;
	if (copy)
		explicit_bzero(copy, strlen(list));
	free(copy);
	free(hidden);
	if (!done)
		say("out of memory");
	return done && !unasked;
}

bool secrets_hide(bool may_ask)
{
	return hide("SOCKSIFY_PROXY", ",", may_ask) && hide("SOCKSIFY_RULES", ";", may_ask);
}

/* Read the first line that the command prints. Returns its length; 0 if there is none, or the command fails. */
static size_t run_command(const char *command, char *to, size_t size)
{
	FILE *const out = popen(command, "re");

	if (!out)
		return 0;
	setbuf(out, NULL);
	const char *const line = fgets(to, (int)size, out);
	for (char rest[256]; fgets(rest, sizeof(rest), out);)
		explicit_bzero(rest, sizeof(rest));
	const size_t n = line ? strcspn(to, "\r\n") : 0;
	to[n] = '\0';
	return pclose(out) == 0 ? n : 0;
}

static bool run_one(const struct proxy *p)
{
	char password[PROXY_CREDENTIAL_MAX + 3];
	const size_t n = run_command(p->password_command, password, sizeof(password));
	const bool put = n && n <= PROXY_CREDENTIAL_MAX && password_file_put(p, password);

	explicit_bzero(password, sizeof(password));
	if (!n || n > PROXY_CREDENTIAL_MAX)
		say("[proxy %s]: its password_command %s", p->name, n ? "prints too long a line" : "fails, or prints nothing");
	else if (!put)
		say("[proxy %s]: there is no place for what its password_command prints: %s", p->name, no_place);
	return put;
}

bool secrets_run_commands(const struct config *c, bool *ran)
{
	*ran = false;
	for (const struct proxy *p = c->proxies; p; p = p->next) {
		if (!p->lacks_password || !config_uses(c, p))
			continue;
		if (!run_one(p))
			return false;
		*ran = true;
	}
	return true;
}
