/* SPDX-License-Identifier: MIT */
/* fuzz: a SOCKS5 server says anything at all. */
#include "tests/transcripts/replay.h"

static const struct proxy hop = {.kind = PROXY_SOCKS5, .has_credentials = true, .username = "alice", .password = "secret"};
static const struct proxy *const hops[] = {&hop};
static const struct addr target = {.kind = ADDR_NAME, .port = 443, .name = "example.com"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	return replay_bytes(hops, 1, &target, data, n);
}
