/* SPDX-License-Identifier: MIT */
/* fuzz: an HTTP proxy says anything at all. */
#include "tests/transcripts/replay.h"

static const struct proxy hop = {.kind = PROXY_HTTP, .has_credentials = true, .username = "alice", .password = "secret"};
static const struct proxy *const hops[] = {&hop};
static const struct addr target = {.kind = ADDR_IPV6, .port = 443, .ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	return replay_bytes(hops, 1, &target, data, n);
}
