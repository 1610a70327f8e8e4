/* SPDX-License-Identifier: MIT */
/* advice: a sentence for each failure that has a usual reason. */
#include "cli/check/advice.h"

#include <errno.h>

#include "core/base/err.h"

static const struct {
	int rc;
	const char *text;
} all[] = {
	{-ECONNREFUSED, "nothing listens there: is the proxy running, and is this its port?"},
	{ERR_TARGET_REFUSED, "nothing listens there: is the next proxy running, and is this its port?"},
	{-ETIMEDOUT, "nothing answers there: is the address right, and does a firewall drop what goes to it?"},
	{-ENETUNREACH, "there is no way to that address from here: is the network (a VPN?) up?"},
	{-EHOSTUNREACH, "there is no way to that address from here: is the network (a VPN?) up?"},
	{ERR_TARGET_NAME, "nobody knows the proxy's name: is it spelt right, and does 'getent hosts' find it?"},
	{ERR_PROXY_NAME, "nobody knows the proxy's name: is it spelt right, and does 'getent hosts' find it?"},
	{ERR_PROXY_SILENT, "something listens there but does not answer: is it a proxy of this kind? hop_timeout says how long to wait"},
	{ERR_PROXY_CLOSED, "it hung up on what it was told: is it a proxy of this kind (socks5, socks4, http)?"},
	{ERR_PROXY_GARBLED, "it speaks another protocol: is it a proxy of this kind (socks5, socks4, http)?"},
	{ERR_PROXY_WEB, "is this the proxy's port, and not a web server's beside it? or a proxy that is not set up for CONNECT?"},
	{ERR_TARGET_FAILED,
	 "no proxy answers so: is it a web server, or does the proxy want something else than a user name (a login page)?"},
	{ERR_TARGET_NOT_FOUND,
	 "a web server answers so, and Privoxy, where nobody knows the destination's name: is it a proxy, and the name spelt right?"},
	{ERR_PROXY_METHOD, "it wants a user name and password (username and password of its [proxy], or USER:PASSWORD@ in its URL)"},
	{ERR_PROXY_CREDENTIALS, "the user name or the password is wrong"},
	{ERR_TARGET_DENIED, "its rules forbid it to connect there: ask who runs it"},
	{ERR_IDENT_UNREACHABLE, "it wants to ask an identd on this machine who you are"},
};

/* A general failure is a web server's only where HTTP is spoken. */
static bool applies(int rc, const struct probe *p)
{
	const struct proxy *const hop = p->route->hops[p->at < p->n ? p->at : p->n - 1];

	return rc == p->rc && (rc != ERR_TARGET_FAILED || hop->kind == PROXY_HTTP || hop->kind == PROXY_HTTPS);
}

const char *advice(const struct probe *p)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (applies(all[i].rc, p))
			return all[i].text;
	return NULL;
}
