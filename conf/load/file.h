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

/* What a negative errno from file_read() means, for people. */
const char *file_error(int rc);

/* "FOLDER/PATH"; NULL when memory is short. */
const char *file_join(struct arena *, const char *folder, size_t n, const char *path);

/* `path` as a configuration means it: "~/" is $HOME, and what is relative is so to the directory of the file
 * `beside` (as it stands when that is NULL). NULL when it needs $HOME and there is none, or memory is short.
 */
const char *file_path(struct arena *, const char *path, const char *beside);

#endif
