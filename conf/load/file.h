/* SPDX-License-Identifier: MIT */
/* file: the bytes of a small file, and who else may read them. */
#ifndef CONF_LOAD_FILE_H
#define CONF_LOAD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "core/base/arena.h"

struct file {
	const char *path;
	char *at; /* its bytes, with a NUL behind them */
	size_t n;
	bool exposed; /* group or world may read it */
	dev_t device;
	ino_t inode;
};

/* What was found at a path when it was read. */
struct source;

/* Where files are read, and what was found of each. */
struct files {
	struct arena *scratch;   /* for their bytes */
	struct arena *permanent; /* for the list of sources */
	struct source *sources;
};

/* Read the regular file (or /dev/null) at `path`, at most 1 MiB. 0 or a negative errno: -EFBIG when it is
 * longer, -EINVAL when it is a directory, a device, a pipe... */
int file_read(struct file *, struct files *, const char *path);

/* True if each path leads to the same file as when it was read, unchanged since, or is as unreadable as it was. */
bool files_are_same(const struct source *);

/* Returns when the last of them changed, in seconds since 1970: until a second later, it may change without showing it. */
time_t files_changed(const struct source *);

/* Returns what a negative errno from file_read() means, in words for people. */
const char *file_error(int rc);

/* Expand a path from a configuration: "~/" is $HOME, and a relative path starts at the directory of the file `beside`, or stays relative
 * if that is NULL. Returns NULL if it needs $HOME and there is none, or if memory is short. */
const char *file_path(struct arena *, const char *path, const char *beside);

#endif
