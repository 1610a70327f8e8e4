/* SPDX-License-Identifier: MIT */
/* config_path: build each path from the environment. */
#include "conf/load/config_path.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/env.h"

/* The standard places, in order. The path stays empty where the variable for its folder is unset or too long. */
static void standard(int i, struct text *path)
{
	const char *const home = env_get("HOME"), *const xdg = env_get("XDG_CONFIG_HOME");

	if (i == 0 && home)
		text_add(path, "%s/.socksify.ini", home);
	else if (i == 1 && xdg && xdg[0] == '/') /* the XDG specification ignores relative paths */
		text_add(path, "%s/socksify/socksify.ini", xdg);
	else if (i == 1 && home)
		text_add(path, "%s/.config/socksify/socksify.ini", home);
	else if (i == 2)
		text_add(path, "/etc/socksify.ini");
}

bool config_path(int i, struct text *path)
{
	const char *const given = env_get("SOCKSIFY_CONFIG");

	if (given ? i > 0 : i > 2)
		return false;
	path->len = 0;
	path->at[0] = '\0';
	path->cut = false;
	if (given)
		text_add(path, "%s", given);
	else
		standard(i, path);
	if (path->cut) /* a path cut short would name another file */
		path->at[path->len = 0] = '\0';
	return true;
}

bool config_path_found(struct text *path)
{
	for (int i = 0; config_path(i, path); i++)
		if (path->len > 0 && (access(path->at, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR)))
			return true;
	return false;
}
