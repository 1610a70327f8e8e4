/* SPDX-License-Identifier: MIT */
/* loader: turn merged files and the environment into a config. */
#ifndef CONF_LOAD_LOADER_H
#define CONF_LOAD_LOADER_H

#include "conf/config.h"
#include "conf/load/merge.h"
#include "conf/load/problems.h"

struct loader {
	struct config *c;
	struct arena scratch; /* freed once the configuration is loaded */
	struct files files;
	struct problems problems;
	struct merge merged;
};

/* What a key_reader gets beside the value. */
struct reading {
	struct loader *loader;
	void *into; /* the struct config, proxy, chain_draft or rule that the section describes */
	struct where where;
	const struct file *file; /* NULL: an environment variable */
	struct text *problem;
};

/* Allocate memory that lives as long as the config. Returns NULL after reporting that there is none. */
void *loader_take(struct loader *, size_t size);

/* Copy `n` bytes for as long as the config lives, or (loader_scratch) until it is loaded. Return NULL after reporting that memory is short. */
char *loader_copy(struct loader *, const char *at, size_t n);
char *loader_scratch(struct loader *, const char *at, size_t n);

/* Read one value of a key, and report what is wrong with it. */
void loader_read(struct reading, const struct key *, const char *text);

/* Read every key of a section, and report which are missing. */
void loader_read_section(struct loader *, const struct section *, void *into);

/* Read the sections, kind by kind, and what the environment adds. Each function reports its mistakes. */
void loader_read_proxies(struct loader *);
void loader_read_chains(struct loader *);
void loader_read_rules(struct loader *);

/* Returns the route called `name`; or NULL with `problem` saying that there is none, and which may have been meant. */
const struct route *loader_route(struct loader *, const char *name, struct text *problem);

/* Find the password of a proxy among those that the launcher hands on. Returns false if it is not there, or after reporting why it cannot be
 * read. */
bool loader_find_password(struct loader *, struct proxy *);

/* Make a chain of `n` hops that lives as long as the config. */
struct chain *loader_chain(struct loader *, const char *name, const struct proxy *const *hops, size_t n);

/* Append it to the chains `*all`, of which none has its name. */
void loader_add_chain(struct loader *, struct chain **all, struct chain *);

/* Read the keys of [socksify], then the SOCKSIFY_KEY variables that override them. */
void loader_read_settings(struct loader *);

/* Read rules from "PATTERN=VIA;...", the value of SOCKSIFY_RULES; VIA may be a URL. */
void loader_read_rule_list(struct loader *, const char *list);

/* Read direct rules from NO_PROXY, the value of the environment variable `variable`. */
void loader_read_no_proxy(struct loader *, const char *variable, const char *list);

/* Read a proxy from each NAME=URL of "URL,NAME=URL...", the value of SOCKSIFY_PROXY; then the default chain from the others, if there are any. */
void loader_read_named_urls(struct loader *, const char *urls);
void loader_read_urls(struct loader *, const char *urls);

/* Make a route to the proxy of a URL. Returns NULL with the mistake in `problem`. */
const struct route *loader_route_of_url(struct loader *, const char *url, struct text *problem);

/* Read the default chain `name` from one URL, the value of the environment variable `variable`. */
void loader_read_url(struct loader *, const char *variable, const char *name, const char *url);

#endif
