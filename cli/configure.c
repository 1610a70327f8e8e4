/* SPDX-License-Identifier: MIT */
/* configure: config_read(), and a word to the user where that fails. */
#include "configure.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/import/import.h"
#include "conf/load/config_path.h"
#include "core/base/env.h"
#include "mistakes.h"
#include "say.h"

enum { PROBLEMS_MAX = 64 * 1024 };

/* If the user gave the file of another tool with -f, say so, rather than what is wrong with each of its lines. */
static bool is_foreign(void)
{
	const char *const file = getenv("SOCKSIFY_CONFIG"), *const kind = file && *file ? import_kind(file) : NULL;

	if (kind)
		say("'%s' is a %s: 'socksify --import %s' shows it as socksify.ini", file, kind, file);
	return kind;
}

/* sudo changes HOME: tell where the user's own file is, if the one that was looked for is not there. */
static void speak_of_sudo(void)
{
	const char *const name = getenv("SUDO_USER"), *const home = getenv("HOME");
	const struct passwd *const user = name ? getpwnam(name) : NULL;
	char found[1024];
	struct text path = {.at = found, .size = sizeof(found)};
	TEXT(own, 1024);

	if (!user || (home && strcmp(home, user->pw_dir) == 0) || config_path_found(&path))
		return;
	text_add(&own, "%s/.socksify.ini", user->pw_dir);
	if (access(own.at, F_OK) == 0)
		say("under sudo HOME is '%s'; -f %s reads %s's file", home ? home : "", own.at, name);
}

static bool is_trusted_user(uid_t uid)
{
	const char *const sudo = getenv("SUDO_UID");

	return uid == 0 || uid == geteuid() || (sudo && uid == (uid_t)strtoul(sudo, NULL, 10));
}

/* Returns why nobody should let that file say where connections go, or NULL. A group that has one user only is no group. */
static const char *distrust(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return NULL;
	if (!is_trusted_user(st->st_uid))
		return "it belongs to another user";
	if (st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && st->st_gid != st->st_uid))
		return "others can write to it; 'chmod go-w' keeps them out";
	return NULL;
}

/* A file that the user names is the user's choice. */
static bool is_trusted(const struct config *c)
{
	const char *const given = getenv("SOCKSIFY_CONFIG");
	struct stat st;

	const char *const why = c->source[0] != '/' || (given && *given) || stat(c->source, &st) != 0 ? NULL : distrust(&st);
	if (why)
		say("%s is not trusted: %s", c->source, why);
	return !why;
}

static void say_problems(const struct config *c, bool loaded, char *problems)
{
	if (!loaded && is_foreign())
		return;
	if (!loaded || c->log != LOG_SILENT)
		mistakes_say(problems);
	if (!loaded)
		speak_of_sudo();
}

bool configure(struct config *c)
{
	TEXT(problems, PROBLEMS_MAX);

	env_capture(environ);
	const bool loaded = config_read(c, (struct arena){0}, &problems);
	say_problems(c, loaded, problems.at);
	if (!loaded || is_trusted(c))
		return loaded;
	config_free(c);
	return false;
}
