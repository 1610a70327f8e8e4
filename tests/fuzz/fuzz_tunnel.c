/* SPDX-License-Identifier: MIT */
/* fuzz: any chain of up to three to any name: four bytes choose, a line names, proxies say the rest. */
#include "tests/transcripts/replay.h"

static void fill(char to[static 256], const uint8_t *at, size_t n)
{
	memset(to, 0, 256);
	memcpy(to, at, least(n, 255));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct proxy hops[3];
	static const struct proxy *const chain[] = {&hops[0], &hops[1], &hops[2]};
	static struct addr target;

	if (n < 4)
		return 0;
	const uint8_t *line = data + 4, *end = memchr(line, '\n', n - 4);
	const size_t name = end ? (size_t)(end - line) : 0, begin = 4 + name + !!end;
	for (int i = 0; i < 3; i++) {
		hops[i] = (struct proxy){
			.kind = data[i] & 3, .has_credentials = data[i] & 4, .pipeline = data[i] & 8 ? PIPELINE_YES : PIPELINE_NO};
		hops[i].addr = (struct addr){.kind = data[i] >> 4 & 3, .port = 1080};
		fill(hops[i].username, line, data[i] & 4 ? name : 0);
		fill(hops[i].password, line, data[i] & 4 ? name / 2 : 0);
		fill(hops[i].addr.name, line, name);
	}
	target = (struct addr){.kind = data[3] >> 4 & 3, .port = data[3]};
	fill(target.name, line, name);
	return replay_bytes(chain, data[3] & 3, &target, data + begin, n - begin);
}
