/* SPDX-License-Identifier: MIT */
/* fuzz: a relay, or anybody, sends anything at all. */
#include <stdlib.h>
#include <string.h>

#include "core/proto/udp_relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct addr hops[] = {{.kind = ADDR_IPV4, .port = 1, .ip = {192, 0, 2, 1}},
					   {.kind = ADDR_IPV4, .port = 2, .ip = {192, 0, 2, 2}},
					   {.kind = ADDR_NAME, .port = 3, .name = "third.test"}};
	static struct udp_relay relays[3];
	struct addr from;

	for (size_t i = 0; i < 3; i++) {
		if (!endpoint_len(&relays[i].at) && udp_relay_through(&relays[i], hops, i + 1, AF_INET) != 0)
			abort();
		const int len = udp_relay_open(&relays[i], data, n, &from);
		if (len > (int)n || (len >= 0 && from.kind == ADDR_NAME && !strlen(from.name)))
			abort();
	}
	return 0;
}
