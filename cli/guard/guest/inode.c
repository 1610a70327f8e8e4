/* SPDX-License-Identifier: MIT */
/* inode: read the links. */
#include "cli/guard/guest/inode.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t inode_of(int fd)
{
	struct stat file;

	return fstat(fd, &file) ? 0 : file.st_ino;
}

uint64_t inode_at(pid_t process, int number)
{
	char path[64], link[64];
	uint64_t inode;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)process, number);
	const ssize_t n = readlink(path, link, sizeof(link) - 1);
	link[n > 0 ? n : 0] = '\0';
	return sscanf(link, "socket:[%" SCNu64 "]", &inode) == 1 ? inode : 0;
}

int inode_numbers(pid_t process, uint64_t inode, int numbers[], int most)
{
	char path[64];
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)process);
	DIR *const all = opendir(path);
	if (!all)
		return -1;
	for (const struct dirent *e; n < most && (e = readdir(all));) {
		const int number = atoi(e->d_name);
		if (inode && *e->d_name != '.' && inode_at(process, number) == inode)
			numbers[n++] = number;
	}
	closedir(all);
	return n;
}
