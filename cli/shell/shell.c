/* SPDX-License-Identifier: MIT */
/* shell: each shell has a way of its own to read one more file behind the user's. */
#include "cli/shell/shell.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"
#include "core/base/shared_dir.h"
#include "core/base/text.h"

static const char bash_start[] = "[ ! -r ~/.bashrc ] || . ~/.bashrc\nPS1=\"(socksify) $PS1\"\n";
static const char zsh_start[] = "unset ZDOTDIR\n[[ ! -r ~/.zshrc ]] || . ~/.zshrc\nPROMPT=\"(socksify) $PROMPT\"\n";
static char fish_start[] =
	"functions -q fish_prompt; and functions -c fish_prompt socksify_prompt; or function socksify_prompt; echo '> '; end; "
	"function fish_prompt; echo -n '(socksify) '; socksify_prompt; end";

/* Write the text to the file below the directory that a user's processes share. Writes its path. */
static bool write_start(const char *name, const char *start, size_t n, struct text *path)
{
	int directory = -1;

	for (int i = SHARED_DIR_RUNTIME; i < SHARED_DIRS && directory < 0; i++) {
		path->len = 0;
		directory = shared_dir_path(i, path) ? shared_dir_open(path->at) : -1;
	}
	text_add(path, "/%s", name);
	mkdirat(directory, "zsh", 0700);
	const int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	const bool written = fd >= 0 && write(fd, start, n) == (ssize_t)n;
	if (!written)
		say("cannot write '%s': %s", path->at, strerror(errno));
	if (fd >= 0)
		close(fd);
	if (directory >= 0)
		close(directory);
	return written;
}

static const char *base(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool start_bash(char *argv[], struct text *path)
{
	argv[1] = (char *)"--rcfile";
	argv[2] = path->at;
	return write_start("shell.bash", bash_start, sizeof(bash_start) - 1, path);
}

static bool start_zsh(struct text *path)
{
	if (!write_start("zsh/.zshrc", zsh_start, sizeof(zsh_start) - 1, path))
		return false;
	*strrchr(path->at, '/') = '\0';
	return setenv("ZDOTDIR", path->at, 1) == 0;
}

char **shell_command(void)
{
	static char *argv[4], bytes[PATH_MAX];
	struct text path = {.at = bytes, .size = sizeof(bytes)};
	const char *const shell = getenv("SHELL");
	bool ready = true;

	argv[0] = (char *)(shell && *shell ? shell : "/bin/sh");
	const char *const name = base(argv[0]);
	if (strcmp(name, "bash") == 0) {
		ready = start_bash(argv, &path);
	} else if (strcmp(name, "zsh") == 0) {
		ready = start_zsh(&path);
	} else if (strcmp(name, "fish") == 0) {
		argv[1] = (char *)"-C";
		argv[2] = fish_start;
	} else {
		ready = setenv("PS1", geteuid() == 0 ? "(socksify) # " : "(socksify) $ ", 1) == 0;
	}
	return ready ? argv : NULL;
}
