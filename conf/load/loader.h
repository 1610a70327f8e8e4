/* loader: turn merged files and the environment into a config. */
#ifndef CONF_LOAD_LOADER_H
#define CONF_LOAD_LOADER_H

#include "conf/config.h"
#include "conf/load/merge.h"
#include "conf/load/problems.h"

enum { HOPS_MAX = 64 };

struct loader {
	struct config *c;
	struct arena scratch; /* gone when the configuration is loaded */
	struct problems problems;
	struct merge merged;
};

/* What a key_reader is given beside the value. */
struct reading {
	struct loader *loader;
	void *into; /* the struct config, proxy, chain_draft or rule that the section describes */
	struct where where;
	const struct file *file; /* NULL: an environment variable */
	struct text *problem;
};

/* Memory that lasts as long as the config; NULL after saying that there is none. */
void *loader_take(struct loader *, size_t size);

/* A copy of `n` bytes that lasts as long, or (loader_scratch) until the configuration is loaded. */
char *loader_copy(struct loader *, const char *at, size_t n);
char *loader_scratch(struct loader *, const char *at, size_t n);

/* Read one value of a key, say what is wrong with it. */
void loader_read(struct reading, const struct key *, const char *text);

/* Read every key of a section, and say which are missing. */
void loader_read_section(struct loader *, const struct section *, void *into);

/* The sections, kind by kind, then what the environment adds (each says what is wrong with it). */
void loader_read_proxies(struct loader *);
void loader_read_chains(struct loader *);
void loader_read_rules(struct loader *);

/* The way that `name` names; NULL after saying in `problem` that there is none, and which was meant. */
const struct route *loader_route(struct loader *, const char *name, struct text *problem);

/* A way of `n` hops that lasts. */
struct chain *loader_chain(struct loader *, const char *name, const struct proxy *const *hops, size_t n);

/* The keys of [socksify], then the SOCKSIFY_KEY variables that override them. */
void loader_read_settings(struct loader *);

/* Rules from "PATTERN=VIA;...", the value of SOCKSIFY_RULES. */
void loader_read_rule_list(struct loader *, const char *list);

/* Direct rules from NO_PROXY, the value of the environment variable `variable`. */
void loader_read_no_proxy(struct loader *, const char *variable, const char *list);

/* The default chain from URLs between commas, the value of SOCKSIFY_PROXY. */
void loader_read_urls(struct loader *, const char *urls);

/* The default chain `name` from one URL, the value of the environment variable `variable`. */
void loader_read_url(struct loader *, const char *variable, const char *name, const char *url);

#endif
