/* SPDX-License-Identifier: MIT */
/* bare: this program without the library in front of libc, which would carry what a supervisor connects once more. */
#ifndef CLI_BARE_H
#define CLI_BARE_H

/* Call it first. If the library is loaded, execute this program again without it; then LD_PRELOAD is for the command what it was
 * (LAUNCHER_PRELOAD). */
void bare(char *argv[]);

#endif
