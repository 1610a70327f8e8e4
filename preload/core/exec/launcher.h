/* SPDX-License-Identifier: MIT */
/* launcher: the launcher in the place of a program that the library cannot enter: it puts the guard up and executes the program, which is the
 * same process with the same arguments and environment. Nothing here allocates or locks. */
#ifndef CORE_EXEC_LAUNCHER_H
#define CORE_EXEC_LAUNCHER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The option with which it is told which file to execute; the command is that file's arguments, argv[0] and all. */
#define LAUNCHER_OPTION "execute"

/* It runs without the library in front of libc, which would carry what its supervisor connects once more. What LD_PRELOAD is to be for the
 * program it is told by this variable, which nobody else sees. */
#define LAUNCHER_PRELOAD "SOCKSIFY_PRELOAD"

/* Write the path of the launcher that belongs to `library`, as LD_PRELOAD names that (NULL: not known). False if there is none to be executed. */
bool launcher_find(char path[static PATH_MAX], const char *library);

/* Write a name of the file that execveat(at, path) would execute, or with "" the descriptor `at`: one below /proc/self/fd if that has no other. False
 * if there is none. */
bool launcher_name(char name[static PATH_MAX], int at, const char *path);

/* What to execute. */
struct launcher {
	char path[PATH_MAX], file[PATH_MAX];
	int lent; /* a descriptor to close if the launcher is not executed; -1: none */
	char *const *argv, *const *env;
};

/* If `l->file` is one of our descriptors, and closed on exec: name a duplicate that is not, in a way by which the launcher knows it. False if there can
 * be none. */
bool launcher_lend(struct launcher *);
#define LAUNCHER_LENT "/proc/self/fd/./"

/* In the launcher: what was lent is closed on exec again. */
void launcher_take_back(const char *file);

/* Returns how many bytes launcher_for() needs at `room`. */
size_t launcher_bytes(char *const argv[], char *const env[]);

/* Make the arguments and the environment with which `l->path` executes `l->file` with argv and env, in which LD_PRELOAD names the library. */
void launcher_for(struct launcher *l, char *const argv[], char *const env[], void *room);

#endif
