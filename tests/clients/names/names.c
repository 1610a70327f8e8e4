/* SPDX-License-Identifier: MIT */
/* names: ask for a name in every way libc has, and print the answers: names HOW NAME [SERVICE]
 * HOW: getaddrinfo[4|6|-canon|-canonidn|-numeric|-all], gethostbyname, gethostbyname_r, gethostbyname2-6, back (getnameinfo of what
 * getaddrinfo gave), back_r (gethostbyaddr_r of it), bind (to it), same (two lookups agree), many:N (N different names differ),
 * res_query[-mx], address (gethostbyaddr and gethostbyaddr_r of NAME, in figures) */
#include "tests/lib/common.h"

#include <locale.h>
#include <resolv.h>

static const char *host_of(const struct sockaddr *a)
{
	static char text[INET6_ADDRSTRLEN];

	if (a->sa_family == AF_INET)
		return inet_ntop(AF_INET, &((const struct sockaddr_in *)a)->sin_addr, text, sizeof(text));
	return inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)a)->sin6_addr, text, sizeof(text));
}

static int print_list(const char *name, const char *service, const struct addrinfo *hints)
{
	struct addrinfo *list;
	const int rc = getaddrinfo(name, service, hints, &list);

	if (rc) {
		printf("getaddrinfo: %s\n", gai_strerror(rc));
		return 1;
	}
	if (list->ai_canonname)
		printf("canonname: %s\n", list->ai_canonname);
	for (const struct addrinfo *a = list; a; a = a->ai_next)
		printf("%s %s port=%d\n", host_of(a->ai_addr),
		       a->ai_socktype == SOCK_STREAM  ? "stream"
		       : a->ai_socktype == SOCK_DGRAM ? "dgram"
						      : "raw",
		       ntohs(((const struct sockaddr_in *)(const void *)a->ai_addr)->sin_port));
	freeaddrinfo(list);
	return 0;
}

static int print_host(const struct hostent *h)
{
	char text[INET6_ADDRSTRLEN];

	if (!h) {
		printf("h_errno: %s\n", hstrerror(h_errno));
		return 1;
	}
	printf("name: %s\n", h->h_name);
	for (char **a = h->h_addr_list; *a; a++)
		printf("%s length=%d\n", inet_ntop(h->h_addrtype, *a, text, sizeof(text)), h->h_length);
	return 0;
}

/* Print what gethostbyaddr and gethostbyaddr_r say, h_errno included, which begins as 77. */
static int print_address(const char *figures)
{
	struct hostent space, *h;
	char ip[16], buffer[2048];
	const int family = strchr(figures, ':') ? AF_INET6 : AF_INET, len = family == AF_INET6 ? 16 : 4;
	int error = 77;

	inet_pton(family, figures, ip);
	h_errno = 77;
	h = gethostbyaddr(ip, (socklen_t)len, family);
	printf("%s: %s, h_errno %d\n", figures, h ? h->h_name : "none", h_errno);
	const int rc = gethostbyaddr_r(ip, (socklen_t)len, family, &space, buffer, sizeof(buffer), &h, &error);
	printf("%s: %s, returns %d", figures, h ? h->h_name : "none", rc);
	return h ? puts("") : printf(", h_errno %d\n", error);
}

static int many(int n)
{
	struct sockaddr_storage a;
	char name[64], (*seen)[INET6_ADDRSTRLEN] = calloc((size_t)n, sizeof(*seen));
	int same = 0;

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "host%d.test", i);
		resolve(name, "80", AF_INET, &a);
		snprintf(seen[i], sizeof(*seen), "%s", host_of((struct sockaddr *)&a));
		for (int j = 0; j < i; j++)
			same += !strcmp(seen[i], seen[j]);
	}
	printf("same: %d\n", same);
	return same;
}

static int print_query(const char *name, int type)
{
	unsigned char answer[4096];
	const int n = res_query(name, ns_c_in, type, answer, sizeof(answer));

	if (n < 0)
		printf("res_query: %s\n", hstrerror(h_errno));
	else
		puts("res_query: answered");
	return n < 0;
}

static void print_name(const char *what, const struct sockaddr_storage *a, socklen_t len, int flags)
{
	char name[1025];
	const int error = getnameinfo((const struct sockaddr *)a, len, name, sizeof(name), NULL, 0, flags);

	printf("%s: %s\n", what, error ? gai_strerror(error) : name);
}

int main(int argc, char **argv)
{
	struct sockaddr_storage a, b;
	char buffer[2048];
	struct hostent space, *h;
	int error;

	if (argc < 3)
		die("names HOW NAME [SERVICE]");
	const char *how = argv[1], *name = argv[2], *service = argc > 3 ? argv[3] : "80";
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};

	setlocale(LC_CTYPE, "");
	if (!strcmp(how, "getaddrinfo-all"))
		return print_list(name, service, NULL);
	if (!strncmp(how, "getaddrinfo", 11)) {
		hints.ai_family = strchr(how, '4') ? AF_INET : strchr(how, '6') ? AF_INET6 : AF_UNSPEC;
		hints.ai_flags = strstr(how, "canonidn")  ? AI_CANONNAME | AI_CANONIDN
				 : strstr(how, "canon")   ? AI_CANONNAME
				 : strstr(how, "numeric") ? AI_NUMERICHOST
							  : 0;
		return print_list(name, service, &hints);
	}
	if (!strcmp(how, "gethostbyname"))
		return print_host(gethostbyname(name));
	if (!strcmp(how, "gethostbyname2-6"))
		return print_host(gethostbyname2(name, AF_INET6));
	if (!strcmp(how, "gethostbyname_r")) {
		const int rc = gethostbyname_r(name, &space, buffer, 4, &h, &error);
		printf("too small: %s\n", error_name(rc));
		gethostbyname_r(name, &space, buffer, sizeof(buffer), &h, &error);
		return print_host(h);
	}
	if (!strncmp(how, "res_query", 9))
		return print_query(name, strstr(how, "mx") ? ns_t_mx : ns_t_a);
	if (!strncmp(how, "many:", 5))
		return many(atoi(how + 5));
	if (!strcmp(how, "address"))
		return print_address(name) < 0;
	const socklen_t len = resolve(name, service, strchr(name, ':') ? AF_INET6 : AF_INET, &a);
	if (!strcmp(how, "back")) {
		print_name("name", &a, len, NI_NAMEREQD);
		print_name("numeric", &a, len, NI_NUMERICHOST);
		print_name("either", &a, len, 0);
		print_name("idn", &a, len, NI_IDN);
		return 0;
	}
	if (!strcmp(how, "bind"))
		return say("bind", bind(socket(a.ss_family, SOCK_STREAM, 0), (struct sockaddr *)&a, len)) < 0;
	if (!strcmp(how, "back_r")) {
		gethostbyaddr_r(&((struct sockaddr_in *)&a)->sin_addr, 4, AF_INET, &space, buffer, sizeof(buffer), &h, &error);
		return print_host(h);
	}
	if (!strcmp(how, "same")) {
		resolve(name, service, AF_INET, &b);
		puts(memcmp(&a, &b, len) ? "different" : "same");
		return 0;
	}
	die(how);
}
