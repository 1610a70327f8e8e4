/* SPDX-License-Identifier: MIT */
/* hosts_file: the current text of /etc/hosts, read again only if the file has changed. Any thread, any signal handler. */
#ifndef CORE_NAMES_HOSTS_FILE_H
#define CORE_NAMES_HOSTS_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { HOSTS_FILE_FEW = 4096 };

struct hosts_file {
	const char *at; /* NULL if there is no such file */
	size_t n;
	size_t pages; /* to release */
	char few[HOSTS_FILE_FEW];
};

/* Look at the file. Release it with hosts_file_close(). Returns false if no descriptor is left for that. */
bool hosts_file_open(struct hosts_file *);
void hosts_file_close(struct hosts_file *);

#endif
