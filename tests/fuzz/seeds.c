/* SPDX-License-Identifier: MIT */
/* seeds: what the servers of a transcript file say, each in a file of its own, for a fuzzer to begin with: seeds FILE PREFIX */
#include <limits.h>

#include "tests/transcripts/transcript.h"

static bool keep(const char *prefix, int n, const struct buf *said)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%d", prefix, n);
	FILE *const to = fopen(path, "w");
	if (!to)
		return false;
	const bool written = fwrite(said->at, 1, said->len, to) == said->len;
	return fclose(to) == 0 && written;
}

int main(int argc, char **argv)
{
	static struct transcript t;
	FILE *const from = argc == 3 ? fopen(argv[1], "r") : NULL;
	unsigned line = 0;
	int n = 0;

	while (from && transcript_read(&t, from, &line) > 0)
		if (!keep(argv[2], ++n, &t.server))
			return 1;
	return n == 0;
}
