/* SPDX-License-Identifier: MIT */
/* read_socksify: the keys of [socksify]. */
#include <string.h>

#include "conf/load/loader.h"
#include "core/base/ascii.h"

bool read_nothing(struct reading *r, const char *text, int word)
{
	(void)r, (void)text, (void)word;
	return true;
}

bool read_default_chain(struct reading *r, const char *text, int word)
{
	const struct route *const route = loader_route(r->loader, text, r->problem);

	(void)word;
	if (route)
		r->loader->c->chain = route;
	return route;
}

bool read_dns(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->dns = (enum dns_mode)word;
	return true;
}

bool read_dns_server(struct reading *r, const char *text, int word)
{
	(void)word;
	if (addr_parse(&r->loader->c->dns_server, text, strlen(text), 53))
		return true;
	text_add(r->problem, "bad dns_server '%s': HOST or HOST:PORT was meant", text);
	return false;
}

bool read_udp(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->udp = (enum udp_mode)word;
	return true;
}

bool read_udp_relay(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->udp_relay = (enum udp_relay_mode)word;
	return true;
}

bool read_guard(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->guard = (enum guard_mode)word;
	return true;
}

bool read_guard_reply(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->guard_reply = (enum guard_reply)word;
	return true;
}

bool read_strict(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->strict = word;
	return true;
}

bool read_listen(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->listen = (enum listen_mode)word;
	return true;
}

bool read_isolate(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->isolate = (enum isolate)word;
	return true;
}

bool read_prefer(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->prefer = (enum prefer)word;
	return true;
}

bool read_daemons(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->daemons = (enum daemons_mode)word;
	return true;
}

bool read_keep_proxy_variables(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->keep_proxy_variables = word == 1;
	return true;
}

bool read_log(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->log = (enum log_level)word;
	return true;
}

bool read_log_format(struct reading *r, const char *text, int word)
{
	(void)text;
	r->loader->c->log_format = (enum log_format)word;
	return true;
}

static bool read_duration(int *ms, const char *text, struct text *problem)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}};
	const int64_t most = 24 * 60 * 60 * 1000;
	const size_t digits = strspn(text, "0123456789");
	int64_t value = 0;

	for (size_t i = 0; i < digits && value <= most; i++)
		value = value * 10 + (text[i] - '0');
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(text + digits, units[i].name) != 0)
			continue;
		value *= units[i].ms;
		if (value < 1 || value > most)
			text_add(problem, "bad duration '%s': 1ms to 1440m was meant", text);
		else
			*ms = (int)value;
		return value >= 1 && value <= most;
	}
	text_add(problem, "bad duration '%s': ms, s or m was meant", text);
	return false;
}

bool read_timeout(struct reading *r, const char *text, int word)
{
	(void)word;
	return read_duration(&r->loader->c->timeout_ms, text, r->problem);
}

bool read_hop_timeout(struct reading *r, const char *text, int word)
{
	(void)word;
	return read_duration(&r->loader->c->hop_timeout_ms, text, r->problem);
}

/* Ranges for which programs, and libc when it sorts addresses, make exceptions. */
static bool is_special(const struct addr *a)
{
	if (a->kind == ADDR_IPV4)
		return a->ip[0] == 0 || a->ip[0] == 127 || a->ip[0] >= 224;
	return a->ip[0] == 0 || a->ip[0] == 0xff || (a->ip[0] == 0xfe && a->ip[1] >= 0x80);
}

static bool read_range(struct reading *r, enum addr_kind kind, struct addr *first, int *bits, const char *text)
{
	const unsigned size = kind == ADDR_IPV4 ? 32 : 128, least = 8, most = size - 8;
	const char *const word = kind == ADDR_IPV4 ? "IPv4" : "IPv6";
	struct host_key range = {0};

	if (!host_key_parse(&range, text, strlen(text)) || range.kind != kind || !strchr(text, '/')) {
		text_add(r->problem, "bad %s range '%s': ADDRESS/BITS was meant", word, text);
		return false;
	}
	if (range.bits < least || range.bits > most) {
		text_add(r->problem, "bad %s range '%s': /%u to /%u was meant", word, text, least, most);
		return false;
	}
	*first = (struct addr){.kind = kind};
	memcpy(first->ip, range.bytes, size / 8);
	*bits = range.bits;
	if (is_special(first))
		text_add(r->problem, "bad %s range '%s': it has a meaning of its own", word, text);
	return !r->problem->len;
}

bool read_placeholder_ipv4(struct reading *r, const char *text, int word)
{
	struct config *const c = r->loader->c;

	(void)word;
	return read_range(r, ADDR_IPV4, &c->placeholder_ipv4, &c->placeholder_ipv4_prefix, text);
}

bool read_placeholder_ipv6(struct reading *r, const char *text, int word)
{
	struct config *const c = r->loader->c;

	(void)word;
	return read_range(r, ADDR_IPV6, &c->placeholder_ipv6, &c->placeholder_ipv6_prefix, text);
}

bool read_log_file(struct reading *r, const char *text, int word)
{
	struct config *const c = r->loader->c;

	(void)word;
	c->log_file = NULL;
	if (!*text)
		return true;
	c->log_file = file_path(&c->arena, text, r->file ? r->file->path : NULL);
	if (!c->log_file)
		text_add(r->problem, "log_file '%s': HOME is not set", text);
	return c->log_file;
}
