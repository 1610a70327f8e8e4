/* SPDX-License-Identifier: MIT */
/* ask_state: res_nquery and res_query, or with -s res_nsearch and res_search in the domain "test", with name servers of the program's own in
 * the resolver's state: ask_state [-s] NAME SERVER...
 * Prints for each the address in the answer, or why there is none. */
#include "tests/lib/common.h"

#include <netdb.h>
#include <resolv.h>

static void set_servers(res_state state, int n, char **servers)
{
	static struct sockaddr_in6 in6[MAXNS];

	state->nscount = n;
	for (int i = 0; i < n; i++) {
		struct sockaddr_in *const in = &state->nsaddr_list[i];
		*in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(53)};
		in6[i] = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(53)};
		if (inet_pton(AF_INET, servers[i], &in->sin_addr) == 1)
			continue;
		if (inet_pton(AF_INET6, servers[i], &in6[i].sin6_addr) != 1)
			die(servers[i]);
		in->sin_family = 0;
		state->_u._ext.nsaddrs[i] = &in6[i];
	}
}

static void print(const char *what, const unsigned char *answer, int n)
{
	char text[INET_ADDRSTRLEN];
	ns_msg message;
	ns_rr record;

	if (n < 0)
		printf("%s: %s\n", what, hstrerror(h_errno));
	else if (!ns_initparse(answer, n, &message) && !ns_parserr(&message, ns_s_an, 0, &record))
		printf("%s: %s\n", what, inet_ntop(AF_INET, ns_rr_rdata(record), text, sizeof(text)));
}

int main(int argc, char **argv)
{
	static struct __res_state state;
	unsigned char answer[1024];

	const bool searches = argc > 1 && strcmp(argv[1], "-s") == 0;
	argc -= searches;
	argv += searches;
	setenv("LOCALDOMAIN", "test", 1);
	if (argc < 3 || argc > 2 + MAXNS || res_ninit(&state) || res_init())
		die("ask_state [-s] NAME SERVER...");
	set_servers(&state, argc - 2, argv + 2);
	if (searches)
		print("res_nsearch", answer, res_nsearch(&state, argv[1], ns_c_in, ns_t_a, answer, sizeof(answer)));
	else
		print("res_nquery", answer, res_nquery(&state, argv[1], ns_c_in, ns_t_a, answer, sizeof(answer)));
	set_servers(&_res, argc - 2, argv + 2);
	if (searches)
		print("res_search", answer, res_search(argv[1], ns_c_in, ns_t_a, answer, sizeof(answer)));
	else
		print("res_query", answer, res_query(argv[1], ns_c_in, ns_t_a, answer, sizeof(answer)));
	return 0;
}
