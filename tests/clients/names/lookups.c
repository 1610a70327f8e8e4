/* SPDX-License-Identifier: MIT */
/* lookups: every combination of hints, field by field, so that two resolvers can be compared: lookups NAME4 NAME6
 * NAME4 has an IPv4 address, NAME6 an IPv6 address; which, is not printed. */
#include "tests/lib/common.h"

#include <resolv.h>

static const char *names[2];

static void print_address(const struct sockaddr *a, socklen_t len)
{
	const struct sockaddr_in *in = (const void *)a;
	const struct sockaddr_in6 *in6 = (const void *)a;
	char text[INET6_ADDRSTRLEN];

	if (a->sa_family == AF_INET)
		printf(" %s:%d/%d",
		       ntohl(in->sin_addr.s_addr) >> 24 == 127 || !in->sin_addr.s_addr
			       ? inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text))
			       : "ipv4",
		       ntohs(in->sin_port), len);
	else
		printf(" %s:%d/%d scope=%u flow=%u",
		       IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr)      ? "::1"
		       : IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr) ? "::"
		       : IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)    ? "mapped"
								  : "ipv6",
		       ntohs(in6->sin6_port), len, in6->sin6_scope_id, in6->sin6_flowinfo);
}

static void ask(const char *node, const char *service, const struct addrinfo *hints)
{
	struct addrinfo *list = NULL;

	errno = 4242;
	const int rc = getaddrinfo(node, service, hints, &list);
	printf("%s,%s", node ? node : "NULL", service ? service : "NULL");
	if (hints)
		printf(" family=%d type=%d protocol=%d flags=%#x", hints->ai_family, hints->ai_socktype, hints->ai_protocol,
		       (unsigned)hints->ai_flags);
	printf(" = %d%s", rc, rc == 0 && errno != 4242 && errno ? "" : "");
	for (const struct addrinfo *a = rc ? NULL : list; a; a = a->ai_next) {
		printf(" {%d %d %d %#x", a->ai_family, a->ai_socktype, a->ai_protocol, (unsigned)a->ai_flags);
		print_address(a->ai_addr, a->ai_addrlen);
		printf(" %s}", a->ai_canonname ? a->ai_canonname : "-");
	}
	putchar('\n');
	if (!rc)
		freeaddrinfo(list);
}

static const char *name_for(int family)
{
	return names[family == AF_INET6];
}

static void hints_all(void)
{
	static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6, AF_UNIX, 99};
	static const int types[][2] = {
		{0, 0},           {SOCK_STREAM, 0},           {SOCK_DGRAM, 0},     {SOCK_RAW, 0},  {0, IPPROTO_TCP},
		{0, IPPROTO_UDP}, {SOCK_STREAM, IPPROTO_UDP}, {SOCK_SEQPACKET, 0}, {SOCK_DCCP, 0}, {0, IPPROTO_SCTP}};
	static const char *const services[] = {NULL, "80", "http", "domain", "nosuchservice", "65536", "0", "-1", ""};
	static const int flags[] = {0,
				    AI_CANONNAME,
				    AI_PASSIVE,
				    AI_NUMERICSERV,
				    AI_V4MAPPED,
				    AI_ALL,
				    AI_V4MAPPED | AI_ALL,
				    AI_ADDRCONFIG,
				    AI_CANONNAME | AI_V4MAPPED | AI_ADDRCONFIG,
				    AI_NUMERICHOST,
				    AI_IDN,
				    AI_IDN | AI_CANONNAME,
				    AI_CANONIDN | AI_CANONNAME,
				    0x4000};

	for (size_t f = 0; f < sizeof(families) / sizeof(*families); f++)
		for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++)
			for (size_t s = 0; s < sizeof(services) / sizeof(*services); s++)
				for (size_t g = 0; g < sizeof(flags) / sizeof(*flags); g++) {
					const struct addrinfo h = {.ai_family = families[f],
								   .ai_socktype = types[t][0],
								   .ai_protocol = types[t][1],
								   .ai_flags = flags[g]};
					ask(name_for(families[f]), services[s], &h);
					if (t < 2 && f < 3)
						ask(NULL, services[s], &h);
				}
	ask(names[0], "80", NULL);
	ask(names[0], NULL, NULL);
	ask(NULL, NULL, NULL);
	ask(NULL, "80", NULL);
}

static void odd_names(void)
{
	/* clang-format off */
	static const char *const dotted[] = {"four.test.", "FOUR.TEST", "Four.Test.", "foo$bar.wild.test", "foo!.wild.test", "-foo.wild.test",
					     "f-.wild.test", "foo.-bar.wild.test", "f_o.wild.test", "_foo.wild.test", "a b.wild.test",
					     "a'b.wild.test", "a,b.wild.test", "f\xc3\xb6.wild.test", "1a.wild.test",
					     "a/b.wild.test", "a@b.wild.test", "a:b.wild.test", "*.wild.test", "a%b.wild.test", "wild.test.."};
	static const char *const odd[] = {"127.0.0.1", "::1", "1.2", "0x7f.1", "0177.1", "2130706433",
					  "1.2.3.4.", "300.1.1.1", "1.2.3.4.5", "", ".", "..", "a..test", ".test", "no such", "fe80::1%lo",
					  "fe80::1%nosuch", "::1%", "[::1]", "1.2.3.4 ", "1.2.3.4 foo", "hosted.test",
					  "hosted-alias.test", "hosted6.test", "ip6-localhost", "windows.test", "windows-alias.test", "last.test"};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		for (int family = 0; family < 3; family++) {
			const struct addrinfo h = {.ai_family = (int[]){AF_UNSPEC, AF_INET, AF_INET6}[family],
						   .ai_socktype = SOCK_STREAM,
						   .ai_flags = AI_CANONNAME};
			ask(odd[i], "80", &h);
		}
	for (size_t i = 0; i < sizeof(dotted) / sizeof(*dotted); i++) {
		const struct addrinfo h = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_CANONNAME};
		ask(dotted[i], "80", &h);
	}
}

static void print_entry(const char *how, const char *name, int rc, const struct hostent *h, int error)
{
	printf("%s %s = %d", how, name, rc);
	if (!h) {
		printf(" h_errno=%d\n", error);
		return;
	}
	printf(" %s type=%d length=%d", h->h_name, h->h_addrtype, h->h_length);
	for (char **a = h->h_aliases; *a; a++)
		printf(" alias=%s", *a);
	int n = 0;
	for (char **a = h->h_addr_list; *a; a++)
		n++;
	printf(" addresses=%d\n", n);
}

static void entries(void)
{
	static const int families[] = {AF_INET, AF_INET6, AF_UNIX};
	struct hostent space, *h;
	char buf[1024];
	int error;

	for (int f = 0; f < 3; f++) {
		const char *const asked[] = {name_for(families[f]), "10.1.2.3",  "::1",         "hosted.test", "a..test", "", "0x7f.1",
					     "ip6-localhost",       "last.test", "1.2.3.4 foo", "fe80::1%lo"};
		for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
			h_errno = 0;
			h = gethostbyname2(asked[i], families[f]);
			print_entry("gethostbyname2", asked[i], h != NULL, h, h_errno);
			h = NULL;
			const int rc = gethostbyname2_r(asked[i], families[f], &space, buf, sizeof(buf), &h, &error);
			print_entry("gethostbyname2_r", asked[i], rc, h, error);
		}
	}
	/* As large as it has to be, the answer fits; and never a byte is written beyond. */
	for (size_t size = 0; size < sizeof(buf); size++) {
		memset(buf, 0x5a, sizeof(buf));
		h = &space;
		const int rc = gethostbyname_r(names[0], &space, buf, size, &h, &error);
		for (size_t i = size; i < sizeof(buf); i++)
			if (buf[i] != 0x5a)
				puts("written beyond the buffer");
		if (rc == 0) {
			print_entry("gethostbyname_r", names[0], rc, h, error);
			break;
		}
		if (rc != ERANGE || h || error != NETDB_INTERNAL)
			printf("gethostbyname_r: %d %p %d\n", rc, (void *)h, error);
	}
}

static void print_info(const struct sockaddr *a, socklen_t len, size_t host, size_t service, int flags)
{
	char h[NI_MAXHOST] = "", s[NI_MAXSERV] = "";
	const int rc = getnameinfo(a, len, host ? h : NULL, (socklen_t)host, service ? s : NULL, (socklen_t)service, flags);

	if (flags & NI_NUMERICHOST && rc == 0)
		strcpy(h, "figures");
	printf("getnameinfo room=%zu,%zu flags=%#x = %d %s %s\n", host, service, (unsigned)flags, rc, rc ? "" : h, rc ? "" : s);
}

static void back(void)
{
	static const int flags[] = {0,
				    NI_NAMEREQD,
				    NI_NUMERICHOST,
				    NI_NUMERICSERV,
				    NI_DGRAM,
				    NI_NUMERICHOST | NI_NUMERICSERV,
				    NI_NAMEREQD | NI_NUMERICHOST,
				    NI_IDN};
	struct sockaddr_storage a;
	struct hostent space, *h = NULL;
	char buf[1024], small[4];
	int error;

	for (int i = 0; i < 2; i++) {
		const socklen_t len = resolve(names[i], "443", i ? AF_INET6 : AF_INET, &a);
		for (size_t f = 0; f < sizeof(flags) / sizeof(*flags); f++) {
			print_info((struct sockaddr *)&a, len, NI_MAXHOST, NI_MAXSERV, flags[f]);
			print_info((struct sockaddr *)&a, len, 4, NI_MAXSERV, flags[f]);
			print_info((struct sockaddr *)&a, len, NI_MAXHOST, 0, flags[f]);
			print_info((struct sockaddr *)&a, len, 0, NI_MAXSERV, flags[f]);
			print_info((struct sockaddr *)&a, len, NI_MAXHOST, 2, flags[f]);
			print_info((struct sockaddr *)&a, len, 0, 0, flags[f]);
			print_info((struct sockaddr *)&a, 3, NI_MAXHOST, 0, flags[f]);
		}
		const void *ip = i ? (void *)&((struct sockaddr_in6 *)&a)->sin6_addr : (void *)&((struct sockaddr_in *)&a)->sin_addr;
		h = gethostbyaddr(ip, i ? 16 : 4, i ? AF_INET6 : AF_INET);
		print_entry("gethostbyaddr", names[i], 0, h, h_errno);
		h = NULL;
		int rc = gethostbyaddr_r(ip, i ? 16 : 4, i ? AF_INET6 : AF_INET, &space, buf, sizeof(buf), &h, &error);
		print_entry("gethostbyaddr_r", names[i], rc, h, error);
		rc = gethostbyaddr_r(ip, i ? 16 : 4, i ? AF_INET6 : AF_INET, &space, small, sizeof(small), &h, &error);
		printf("gethostbyaddr_r small = %d %d\n", rc, error);
		h = gethostbyaddr(ip, 3, AF_INET);
		print_entry("gethostbyaddr short", names[i], 0, h, 0);
	}
}

/* Addresses that nobody was given in place of a name have the names that DNS says. */
static void real_addresses(void)
{
	static const char *const texts[] = {"9.9.9.9", "9.9.9.10", "10.1.2.3", "fd01::1", "8.8.4.4", "2001:db8::9", "::ffff:9.9.9.9"};
	static const int flags[] = {0, NI_NAMEREQD, NI_NUMERICHOST, NI_NUMERICSERV};
	struct addrinfo *a;
	struct hostent space, *h;
	char buf[1024];
	int error;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		getaddrinfo(texts[i], "443", &(struct addrinfo){.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, &a);
		for (size_t f = 0; f < sizeof(flags) / sizeof(*flags); f++)
			print_info(a->ai_addr, a->ai_addrlen, NI_MAXHOST, NI_MAXSERV, flags[f]);
		const bool ipv6 = a->ai_family == AF_INET6;
		const void *ip = ipv6 ? (void *)&((struct sockaddr_in6 *)a->ai_addr)->sin6_addr
				      : (void *)&((struct sockaddr_in *)a->ai_addr)->sin_addr;
		h_errno = 0;
		h = gethostbyaddr(ip, ipv6 ? 16 : 4, a->ai_family);
		print_entry("gethostbyaddr", texts[i], h != NULL, h, h_errno);
		h = NULL;
		const int rc = gethostbyaddr_r(ip, ipv6 ? 16 : 4, a->ai_family, &space, buf, sizeof(buf), &h, &error);
		print_entry("gethostbyaddr_r", texts[i], rc, h, error);
		freeaddrinfo(a);
	}
}

static void queries(void)
{
	static const int types[] = {ns_t_a, ns_t_aaaa, ns_t_mx, ns_t_txt, ns_t_srv};
	static const char *const asked[] = {"four.test", "no.such.name.test"};
	unsigned char answer[4096];

	for (size_t n = 0; n < 2; n++)
		for (size_t t = 0; t < sizeof(types) / sizeof(*types); t++) {
			if (n == 1 && types[t] != ns_t_mx)
				continue;
			if (n == 0 && types[t] == ns_t_aaaa)
				continue;
			ns_msg m;
			h_errno = 0;
			const int rc = res_query(asked[n], ns_c_in, types[t], answer, sizeof(answer));
			printf("res_query %s %d: %s h_errno=%d", asked[n], types[t], rc < 0 ? "-1" : "answer", rc < 0 ? h_errno : 0);
			if (rc >= 0 && ns_initparse(answer, rc, &m) == 0) {
				ns_rr rr;
				for (int i = 0; i < ns_msg_count(m, ns_s_an); i++)
					if (ns_parserr(&m, ns_s_an, i, &rr) == 0)
						printf(" %s %d/%d", ns_rr_name(rr), ns_rr_type(rr), ns_rr_rdlen(rr));
			}
			putchar('\n');
		}
	const int rc = res_search("four.test", ns_c_in, ns_t_a, answer, sizeof(answer));
	printf("res_search: %s\n", rc > 0 ? "answer" : "-1");
	const int domain = res_querydomain("four", "test", ns_c_in, ns_t_a, answer, sizeof(answer));
	printf("res_querydomain: %s\n", domain > 0 ? "answer" : "-1");
	unsigned char query[512];
	const int n = res_mkquery(ns_o_query, "four.test", ns_c_in, ns_t_a, NULL, 0, NULL, query, sizeof(query));
	const int sent = res_send(query, n, answer, sizeof(answer));
	printf("res_send: %s id %s\n", sent > 0 ? "answer" : "-1", memcmp(query, answer, 2) ? "differs" : "same");
	struct __res_state state = {0};
	res_ninit(&state);
	printf("res_nquery: %s\n", res_nquery(&state, "four.test", ns_c_in, ns_t_a, answer, sizeof(answer)) > 0 ? "answer" : "-1");
	printf("res_nsearch: %s\n", res_nsearch(&state, "four.test", ns_c_in, ns_t_mx, answer, sizeof(answer)) > 0 ? "answer" : "-1");
	res_nclose(&state);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("lookups NAME4 NAME6 [PART]");
	names[0] = argv[1];
	names[1] = argv[2];
	hints_all();
	odd_names();
	entries();
	back();
	real_addresses();
	queries();
	return 0;
}
