/* SPDX-License-Identifier: MIT */
/* fork_line: a socket pair; since every child has both ends, the owner shuts its own down instead of closing it. */
#include "fd/fork_line.h"

#include "core/base/sys.h"
#include "fd/hidden.h"

const struct fork_line fork_line_none = {-1, -1};

void fork_line_open(struct fork_line *line)
{
	int pair[2];

	if (line->owner >= 0 || hidden_pair(SOCK_STREAM, pair))
		return;
	line->owner = hidden_move(pair[0]);
	line->children = hidden_move(pair[1]);
}

void fork_line_keep(const struct fork_line *line)
{
	hidden_keep(line->owner);
	hidden_keep(line->children);
}

void fork_line_close(const struct fork_line *line)
{
	own_close(line->owner);
	own_close(line->children);
}

void fork_line_hang_up(const struct fork_line *line)
{
	if (line->owner >= 0)
		sys.shutdown(line->owner, SHUT_WR);
	fork_line_close(line);
}
