/* SPDX-License-Identifier: MIT */
/* shared_dir: the directory where the processes of one user find what they share. Nobody else can look inside. */
#ifndef CORE_BASE_SHARED_DIR_H
#define CORE_BASE_SHARED_DIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/text.h"

/* Where it may lie, in order: $SOCKSIFY_NAMES, $XDG_RUNTIME_DIR/socksify, /tmp/socksify-UID. */
enum { SHARED_DIR_GIVEN, SHARED_DIR_RUNTIME, SHARED_DIR_TMP, SHARED_DIRS };

/* Append the `i`th path. Returns false if there is no such place. */
bool shared_dir_path(int i, struct text *path);

/* Make the directory if it is missing, and return a descriptor of it for openat(2); -1 if anybody else may have prepared it, or can look
 * inside. */
int shared_dir_open(const char *path);

/* Try each of them, in order, until open(directory, arg) returns a descriptor for a file in one, and return that; -1 if there is none. With
 * `existing`, only those are opened where there is a file of that name. */
int shared_dir_each(const char *existing, int (*open)(int directory, void *arg), void *arg);

/* Open a file in it, or make an empty one, that only this user can read and write, and that is empty or `size` bytes long. Returns -1 if
 * there is none. */
int shared_dir_file(int directory, const char *name, off_t size);

/* Give such a file its size, and the room for its first `allocated` bytes, since a write without room would kill the process. Harmless if it
 * has both. Returns false if that is impossible. */
bool shared_dir_make_room(int fd, off_t size, off_t allocated);

/* Map a file of that size, all of it allocated, shared by all: in the first directory where that is possible; with `existing`, only if it is
 * there. Returns NULL if there is none. */
void *shared_dir_map(const char *name, size_t size, bool existing);

#endif
