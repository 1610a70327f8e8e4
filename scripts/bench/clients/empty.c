/* SPDX-License-Identifier: MIT */
/* empty: a library that does nothing, to be preloaded for comparison. */
extern int bench_empty;
int bench_empty;
