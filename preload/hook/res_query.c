/* SPDX-License-Identifier: MIT */
/* res_query: answer DNS queries by record type ourselves, or through the chain by the configured server. */

#include <resolv.h>
#include <string.h>

#include "core/base/cancel.h"
#include "core/base/err.h"
#include "core/base/pages.h"
#include "core/base/scratch.h"
#include "core/dns/answer.h"
#include "core/dns/service.h"
#include "core/proto/dns_message.h"
#include "hook/hook.h"

enum { QUERY_SIZE = 512 };

/* True if libc may send a query for `name` (NULL: unreadable) its own way. */
static bool is_libcs(const struct app *a, const char *name)
{
	struct addr host;
	const bool named = name && addr_parse_host(&host, name, strlen(name)) && host.kind == ADDR_NAME;
	const enum name_verdict who = named ? name_decide(a, &host) : NAME_BY_DNS;

	return who == NAME_DIRECT || (who != NAME_HERE && who != NAME_NOWHERE && app_dns_is_open(a));
}

/* Returns the app that answers a query for `name` in libc's place; NULL if libc does. */
static const struct app *answering(const char *name)
{
	const struct app *const a = app_enter();

	return a && a->config && is_libcs(a, name) ? NULL : a;
}

/* Returns the name that a query asks for; NULL if the query is unreadable. */
static const char *asked(struct dns_query *q, const unsigned char *query, int len)
{
	return len > 0 && dns_read_query(q, query, (size_t)len) == 0 ? q->name : NULL;
}

static int fail(int why)
{
	h_errno = why;
	return -1;
}

/* Judge an answer as libc does. Returns its length, or -1 and sets h_errno. */
static int judge(const unsigned char *answer, int size, int n)
{
	HEADER head;

	if (n < 0 || size < (int)sizeof(head))
		return fail(n < 0 ? TRY_AGAIN : NO_RECOVERY);
	memcpy(&head, answer, sizeof(head));
	if (head.rcode == DNS_NOERROR && head.ancount)
		return n;
	switch (head.rcode) {
	case DNS_NXDOMAIN:
		return fail(HOST_NOT_FOUND);
	case DNS_SERVFAIL:
		return fail(TRY_AGAIN);
	case DNS_NOERROR:
		return fail(NO_DATA);
	default:
		return fail(NO_RECOVERY);
	}
}

/* Copy out what fits, marked as truncated if something is missing (RFC 1035, 4.1.1). Returns the whole length. */
static int give(const struct buf *from, unsigned char *answer, int size)
{
	const size_t room = size > 0 ? (size_t)size : 0, n = from->len < room ? from->len : room;

	memcpy(answer, from->at, n);
	if (n < from->len && n > 2)
		answer[2] |= 2;
	return (int)from->len;
}

/* Read the `i`th name server in a program's resolver state, as libc does. */
static bool server_at(struct addr *server, const struct __res_state *state, int i)
{
	const struct sockaddr_in *const in = &state->nsaddr_list[i];
	const struct sockaddr_in6 *const in6 = state->_u._ext.nsaddrs[i];

	if (in->sin_family == 0 && in6)
		return addr_from_sockaddr(server, (const struct sockaddr *)in6, sizeof(*in6));
	return addr_from_sockaddr(server, (const struct sockaddr *)in, sizeof(*in));
}

/* True if a server, by this verdict, is none of the system's, and behind a chain or refused. */
static bool is_chosen(int rc, const struct verdict *v)
{
	return !v->resolver && (rc || v->chosen->kind == ROUTE_CHAIN);
}

static int servers_of(const struct __res_state *state)
{
	return !(state->options & RES_INIT) ? 0 : state->nscount < MAXNS ? state->nscount : MAXNS;
}

/* Ask a server that the program chose and that is behind a chain (`*chosen`), or answer as for the system's. Returns 0 or -EINVAL. */
static int ask_server(const struct app *a, struct addr *server, struct slice query, struct buf *out, bool *chosen)
{
	struct verdict v;
	const int rc = decide(a, server, false, &v);

	*chosen = is_chosen(rc, &v);
	if (!*chosen)
		return dns_ask(a, NULL, NULL, query.at, query.len, out);
	if (rc == 0)
		return dns_ask(a, v.chosen, server, query.at, query.len, out);
	dns_fail(query.at, query.len, out);
	return 0;
}

static bool has_failed(const struct buf *answer)
{
	return answer->len > 3 && (answer->at[3] & 15) == DNS_SERVFAIL;
}

/* Ask the servers of the state in turn, until one answers; all of the system's are one. */
static int ask_servers(const struct app *a, const struct __res_state *state, struct slice query, struct buf *out)
{
	const int n = servers_of(state);
	bool chosen = true;
	int rc = 0;

	if (n < 1)
		return dns_ask(a, NULL, NULL, query.at, query.len, out);
	for (int i = 0; i < n && rc == 0 && chosen && (i == 0 || has_failed(out)); i++) {
		struct addr server;
		out->len = 0;
		if (server_at(&server, state, i))
			rc = ask_server(a, &server, query, out, &chosen);
		else
			dns_fail(query.at, query.len, out);
	}
	return rc;
}

static void free_answer(void *at)
{
	pages_free(at, DNS_MESSAGE_MAX);
}

/* Returns the answer's length, as res_send(3) does, or -1 and sets errno. */
static int send_query(const struct app *a, res_state state, const unsigned char *query, int len, unsigned char *answer, int size)
{
	const int saved = errno;

	if (!a->config)
		return (int)hook_result(ERR_CONFIG, saved);
	if (len < 0)
		return (int)hook_result(-EINVAL, saved);
	struct buf out = {.at = pages_take(DNS_MESSAGE_MAX), .size = DNS_MESSAGE_MAX};
	if (!out.at)
		return (int)hook_result(-ENOMEM, saved);
	struct cleanup cleanup;
	cleanup_begin(&cleanup, free_answer, out.at);
	int n = ask_servers(a, state, (struct slice){(uint8_t *)query, (size_t)len}, &out);
	if (n == 0)
		n = give(&out, answer, size);
	cleanup_end(&cleanup);
	free_answer(out.at);
	return (int)hook_result(n, saved);
}

static int ask(const struct app *a, res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	unsigned char query[QUERY_SIZE];
	const int n = res_mkquery(ns_o_query, name, class, type, NULL, 0, NULL, query, sizeof(query));

	if (n < 0)
		return fail(NO_RECOVERY);
	return judge(answer, size, send_query(a, state, query, n, answer, size));
}

static int ask_domain(const struct app *a, res_state state, const char *name, const char *domain, int class, int type,
		      unsigned char *answer, int size)
{
	SCRATCH_TEXT(whole, NS_MAXDNAME);
	size_t n = strlen(name);

	if (domain && n && name[n - 1] == '.')
		n--;
	text_add(&whole, "%.*s%s%s", (int)n, name, domain ? "." : "", domain ? domain : "");
	return whole.cut ? fail(NO_RECOVERY) : ask(a, state, whole.at, class, type, answer, size);
}

static unsigned dots(const char *name)
{
	unsigned n = 0;

	for (; *name; name++)
		n += *name == '.';
	return n;
}

/* True if a server that the program has put into the state is asked itself. */
static bool asks_chosen(const struct app *a, const struct __res_state *state)
{
	bool chosen = false;

	for (int i = 0; i < servers_of(state) && !chosen; i++) {
		struct addr server;
		struct verdict v;
		if (server_at(&server, state, i))
			chosen = is_chosen(decide(a, &server, false, &v), &v);
	}
	return chosen;
}

/* Search like res_nsearch(3): try the bare name first if it has enough dots, then in each domain of the search list. Names that stand for
 * addresses go out bare, unless a server answers: the proxy resolves those. */
static int search(const struct app *a, res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	const unsigned n = dots(name);
	const bool whole = n && name[strlen(name) - 1] == '.';
	const bool bare = whole || ((type == ns_t_a || type == ns_t_aaaa) && !asks_chosen(a, state)), first = bare || n >= state->ndots;
	int rc = first ? ask(a, state, name, class, type, answer, size) : -1;
	const int why = h_errno;

	if (rc >= 0 || bare || !(state->options & (n ? RES_DNSRCH : RES_DEFNAMES)))
		return rc;
	for (int i = 0; i < MAXDNSRCH && state->dnsrch[i]; i++) {
		rc = ask_domain(a, state, name, state->dnsrch[i], class, type, answer, size);
		if (rc >= 0 || h_errno == TRY_AGAIN || !(state->options & RES_DNSRCH))
			return rc;
	}
	return first ? fail(why) : ask(a, state, name, class, type, answer, size);
}

static res_state ready(void)
{
	if (!(_res.options & RES_INIT))
		res_init();
	return &_res;
}

#define ANSWER(name, libc, ours)                     \
	const struct app *const a = answering(name); \
	return a ? ours : sys.libc

int res_query(const char *name, int class, int type, unsigned char *answer, int size)
{
	ANSWER(name, res_query(name, class, type, answer, size), ask(a, &_res, name, class, type, answer, size));
}

int res_search(const char *name, int class, int type, unsigned char *answer, int size)
{
	ANSWER(name, res_search(name, class, type, answer, size), search(a, ready(), name, class, type, answer, size));
}

int res_querydomain(const char *name, const char *domain, int class, int type, unsigned char *answer, int size)
{
	ANSWER(name, res_querydomain(name, domain, class, type, answer, size),
	       ask_domain(a, &_res, name, domain, class, type, answer, size));
}

int res_send(const unsigned char *query, int len, unsigned char *answer, int size)
{
	struct dns_query q;

	ANSWER(asked(&q, query, len), res_send(query, len, answer, size), send_query(a, &_res, query, len, answer, size));
}

int res_nquery(res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	ANSWER(name, res_nquery(state, name, class, type, answer, size), ask(a, state, name, class, type, answer, size));
}

int res_nsearch(res_state state, const char *name, int class, int type, unsigned char *answer, int size)
{
	ANSWER(name, res_nsearch(state, name, class, type, answer, size), search(a, state, name, class, type, answer, size));
}

int res_nquerydomain(res_state state, const char *name, const char *domain, int class, int type, unsigned char *answer, int size)
{
	ANSWER(name, res_nquerydomain(state, name, domain, class, type, answer, size),
	       ask_domain(a, state, name, domain, class, type, answer, size));
}

int res_nsend(res_state state, const unsigned char *query, int len, unsigned char *answer, int size)
{
	struct dns_query q;

	ANSWER(asked(&q, query, len), res_nsend(state, query, len, answer, size), send_query(a, state, query, len, answer, size));
}
