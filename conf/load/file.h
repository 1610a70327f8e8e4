/* SPDX-License-Identifier: MIT */
/* file: the bytes of a small file, and who else may read them. */
#ifndef CONF_LOAD_FILE_H
#define CONF_LOAD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/arena.h"

struct file {
	const char *path;
	char *at; /* its bytes, with a NUL behind them */
	size_t n;
	bool exposed; /* group or world may read it */
	dev_t device;
	ino_t inode;
};

/* Read the regular file (or /dev/null) at `path`, at most 1 MiB. 0 or a negative errno: -EFBIG when it is
 * longer, -EINVAL when it is a directory, a device, a pipe... */
int file_read(struct file *, struct arena *, const char *path);

/* Returns what a negative errno from file_read() means, in words for people. */
const char *file_error(int rc);

/* Expand a path from a configuration: "~/" is $HOME, and a relative path starts at the directory of the file `beside`, or stays relative
 * if that is NULL. Returns NULL if it needs $HOME and there is none, or if memory is short. */
const char *file_path(struct arena *, const char *path, const char *beside);

#endif
