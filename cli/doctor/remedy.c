/* SPDX-License-Identifier: MIT */
/* remedy: a table of the programs that people ask about. */
#include "cli/doctor/remedy.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/doctor/inspect.h"

/* How its line is made: of the command behind it, as `NAME socksify COMMAND`; by a proxy of our own, which the program is told of. */
enum remedy { NONE, INSIDE, SERVE };

static const struct known {
	const char *name; /* of the command */
	enum remedy remedy;
	const char *note;
} all[] = {
	{"sudo", INSIDE, "what it runs has another user's rights, and the library does not reach across that"},
	{"doas", INSIDE, "what it runs has another user's rights, and the library does not reach across that"},
	{"pkexec", INSIDE, "what it runs has another user's rights, and the library does not reach across that"},
	{"snap", SERVE, "a snap runs confined, in a root of its own, where the library is not"},
	{"flatpak", SERVE, "a flatpak runs confined, in a root of its own, where the library is not"},
	{"docker", SERVE, "dockerd does the work, which this does not proxy"},
	{"podman", SERVE, "a container has a root of its own, where the library is not"},
	{"ping", NONE, "ICMP cannot go through a proxy: 'socksify --check HOST:PORT' tells whether something is reached"},
	{"traceroute", NONE, "no route is traced through a proxy: 'socksify --check HOST:PORT' tells whether something is reached"},
	{"mtr", NONE, "no route is traced through a proxy: 'socksify --check HOST:PORT' tells whether something is reached"},
	{"nmap", NONE, "only its connect scan goes through a proxy: socksify nmap -sT -Pn --unprivileged HOST"},
	{"tmux", NONE, "a server that runs already is not proxied, nor is what it starts: 'tmux -L NAME' starts another"},
	{"screen", NONE, "what a session that runs already starts is not proxied"},
	{"gpg", NONE, "dirmngr does its network work: 'gpgconf --kill dirmngr' first"},
	{"systemctl", NONE, "systemd starts services, which are not proxied: socksify in their ExecStart= is"},
	{"systemd-run", INSIDE, "systemd starts what it runs, which is not proxied"},
	{"crontab", NONE, "cron starts jobs, which are not proxied: socksify in their lines is"},
	{"at", NONE, "atd starts jobs, which are not proxied: socksify in their lines is"},
	{"ssh", NONE, "through a master that runs already (ControlMaster) nothing new is dialled: -o ControlPath=none"},
};

static const char *base(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Returns the row of the command, or of the program that its file is a link to, as those below /snap/bin are. */
static const struct known *find(const char *command, const char *path)
{
	char real[PATH_MAX];
	const char *const names[] = {base(command), realpath(path, real) ? base(real) : ""};

	for (size_t i = 0; i < 2 * sizeof(all) / sizeof(*all); i++)
		if (strcmp(all[i / 2].name, names[i % 2]) == 0)
			return &all[i / 2];
	return NULL;
}

static void add_words(struct text *line, char *words[])
{
	for (; *words; words++)
		text_add(line, " %s", *words);
}

void remedy_note(char *command[], const char *path, struct text *note)
{
	const struct known *const k = find(command[0], path);

	if (k)
		text_add(note, "%s", k->note);
	else if (inspect_is_chromium(path))
		text_add(
			note,
			"made of Chromium: carried with all its processes, sandbox included; QUIC falls back to TCP where no proxy carries UDP");
}

void remedy_line(char *command[], const char *path, bool carried, struct text *line)
{
	const struct known *const k = find(command[0], path);

	if (k && k->remedy == INSIDE) {
		text_add(line, "%s socksify", command[0]);
		add_words(line, command + 1);
	} else if ((k && k->remedy == SERVE) || (!k && !carried)) {
		text_add(line, "socksify --serve 1080 & ALL_PROXY=socks5h://127.0.0.1:1080 HTTPS_PROXY=socks5://127.0.0.1:1080 %s",
			 command[0]);
		add_words(line, command + 1);
	}
}
