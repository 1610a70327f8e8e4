/* SPDX-License-Identifier: MIT */
/* shared_dir: name it by the environment, and trust it only if it is the user's alone. */
#include "core/base/shared_dir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/env.h"
#include "core/base/sys.h"

bool shared_dir_path(int i, struct text *path)
{
	const char *const folder = i == SHARED_DIR_GIVEN     ? env_get("SOCKSIFY_NAMES")
				   : i == SHARED_DIR_RUNTIME ? env_get("XDG_RUNTIME_DIR")
							     : "/tmp";

	if (!folder || folder[0] != '/')
		return false;
	text_add(path, "%s%s", folder, i == SHARED_DIR_RUNTIME ? "/socksify" : "");
	if (i == SHARED_DIR_TMP)
		text_add(path, "/socksify-%u", (unsigned)geteuid());
	return !path->cut;
}

int shared_dir_open(const char *path)
{
	struct stat st;

	mkdir(path, 0700);
	const int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 077))
		return fd;
	sys.close(fd);
	return -1;
}
