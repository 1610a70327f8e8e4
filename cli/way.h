/* way: a via in words, for people. */
#ifndef CLI_WAY_H
#define CLI_WAY_H

#include "conf/config.h"
#include "conf/text.h"

/* Append "chain default", "proxy office", "command line", "direct" or "block". */
void way_name(const struct config *, const struct via *, struct text *);

/* Append "socks5://gw.example.com:1080 -> socks5://127.0.0.1:9050"; nothing unless it is a chain. */
void way_hops(const struct via *, struct text *);

#endif
