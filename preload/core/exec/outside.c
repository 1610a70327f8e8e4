/* SPDX-License-Identifier: MIT */
/* outside: know them by the name of the process, or by the name of the socket. */
#include "core/exec/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "conf/glob.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/fnv.h"
#include "core/base/log.h"
#include "core/base/own.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"
#include "core/exec/running.h"

/* `name` is the process's, up to a colon ("tmux: server"); `socket` a glob, "" if it may be anywhere. systemd may listen for it until somebody
 * connects; `activated` is then the remedy, if it is another. Arrays, as each pointer would have to be relocated in every process. */
static const struct outside_row {
	char name[16], socket[32], remedy[64], activated[64];
} rows[] = {
	{"dirmngr", "*/S.dirmngr", "gpgconf --kill dirmngr", "systemctl --user stop dirmngr.socket dirmngr"},
	{"ssh", "", "ssh -o ControlPath=none", ""},
	{"tmux", "*/tmux-*/*", "tmux -L NAME", ""},
	{"screen", "*screen*/S-*/*", "screen -m", ""},
	{"dockerd", "*/docker.sock", "the proxies in /etc/docker/daemon.json are its own", ""},
	{"podman", "*/podman.sock", "podman --remote=false", ""},
	{"containerd", "*/containerd.sock", "systemctl edit containerd, for HTTPS_PROXY", ""},
	{"snapd", "*/snapd.socket", "snap set system proxy.https=URL", ""},
	{"nix-daemon", "*/nix/daemon-socket/socket", "systemctl edit nix-daemon, for https_proxy", ""},
	{"systemd", "*/systemd/private", "socksify in the unit's ExecStart=", ""},
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static const char activator[] = "systemd";

static const struct outside_row *row_at(const char *path)
{
	for (int i = 0; i < ROWS; i++)
		if (*rows[i].socket && glob_matches(rows[i].socket, path))
			return &rows[i];
	return NULL;
}

/* Most of what systemd listens for is nobody's business. */
static const struct outside_row *row_named(const char *name)
{
	for (int i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0 && strcmp(name, activator) != 0)
			return &rows[i];
	return NULL;
}

/* Whom this thread has found harmless last: many programs connect to one server again and again. */
static __thread struct {
	pid_t pid;
	int64_t until;
} harmless;

static bool is_harmless(pid_t pid)
{
	return pid == harmless.pid && clock_coarse() < harmless.until;
}

static bool is_row(const char *name)
{
	return row_named(name);
}

/* Learn the name of the process that called listen(2), or, since daemons end that one, of who listens now. */
static void look_at(struct outside *o, const char *where)
{
	running_name(o->pid, o->name);
	if (!o->pid || *o->name)
		return;
	o->pid = running_listener(where, is_row);
	if (o->pid)
		running_name(o->pid, o->name);
}

static bool find(struct outside *o, int fd, const char *path, const char *where)
{
	struct ucred peer = {0};
	socklen_t len = sizeof(peer);

	if (sys.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return false;
	*o = (struct outside){.row = row_at(path), .pid = peer.pid};
	if (!o->row && is_harmless(peer.pid))
		return false;
	look_at(o, where);
	if (!o->row)
		o->row = row_named(o->name);
	if (o->row)
		return !o->pid || !running_is_carried(o->pid);
	harmless.pid = peer.pid;
	harmless.until = clock_coarse() + NS_PER_S;
	return false;
}

bool outside_connected(int fd, const char *path, struct outside *o)
{
	const int saved = errno;
	const bool found = find(o, fd, path, path);

	errno = saved;
	return found;
}

static int open_path(void *path)
{
	return (int)sys_rc(open(path, O_PATH | O_CLOEXEC));
}

bool outside_listens(const char *path, const char *where, struct outside *o)
{
	const int at = own_make(open_path, (void *)where); /* a path may be longer than an address */
	const int fd = at < 0 ? -1 : own_socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK);
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct text number = {.at = to.sun_path, .size = sizeof(to.sun_path)};

	text_add(&number, "/proc/self/fd/%d", at);
	const bool found = fd >= 0 && sys_connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 && find(o, fd, path, where);
	own_close(fd);
	own_close(at);
	return found;
}

bool outside_expected(const char *path)
{
	return row_at(path);
}

static bool is_activated(const struct outside *o)
{
	return strcmp(o->name, activator) == 0 && strcmp(o->row->name, activator) != 0;
}

void outside_name(const struct outside *o, struct text *t)
{
	text_add(t, "%s", *o->name && !is_activated(o) ? o->name : o->row->name);
	if (is_activated(o))
		text_add(t, ", which systemd starts");
	else if (o->pid)
		text_add(t, " (pid %d)", o->pid);
}

const char *outside_remedy(const struct outside *o)
{
	return is_activated(o) && *o->row->activated ? o->row->activated : o->row->remedy;
}

static enum log_level level_of(const char *program, const struct outside_row *row)
{
	static _Atomic uint64_t said;
	const uint64_t bit = UINT64_C(1) << (fnv_name(program) + (unsigned)(row - rows)) % 64;

	return atomic_fetch_or(&said, bit) & bit ? LOG_INFO : LOG_ERROR;
}

static void say(const char *program, const struct outside *o, bool refused)
{
	SCRATCH_TEXT(name, 128);

	outside_name(o, &name);
	log_line(level_of(program, o->row), "%s %s work to %s, which is not proxied%s; %s", program, refused ? "may not hand" : "hands",
		 name.at, refused ? " (daemons = block)" : "", outside_remedy(o));
}

int outside_heed(const struct app *app, const struct outside *o)
{
	if (!app->config)
		return ERR_CONFIG;
	if (app->config->daemons == DAEMONS_ALLOW || app_goes_direct(app))
		return 0;
	const bool refused = app->config->daemons == DAEMONS_BLOCK;
	say(app->program ? app->program : "this program", o, refused);
	return refused ? ERR_OUTSIDE : 0;
}
