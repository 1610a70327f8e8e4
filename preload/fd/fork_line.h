/* SPDX-License-Identifier: MIT */
/* fork_line: tell forked children that the connect they share has finished. Before a fork the owner of a pending connection opens a line: the
 * owner holds one end, all children share the other. When the dial ends the owner hangs up; each child then puts the socket under its
 * number. */
#ifndef FD_FORK_LINE_H
#define FD_FORK_LINE_H

/* Hidden descriptors, with the same numbers in every process; -1 if there are none. */
struct fork_line {
	int owner, children; /* whose end it is */
};

extern const struct fork_line fork_line_none;

/* Before a fork: open the line, unless an earlier fork did. */
void fork_line_open(struct fork_line *);

/* In the child: spare the line from hidden_close_others(); and close it. */
void fork_line_keep(const struct fork_line *);
void fork_line_close(const struct fork_line *);

/* In the owner, once the dial has ended: tell the children, if there is a line, and close it. */
void fork_line_hang_up(const struct fork_line *);

#endif
