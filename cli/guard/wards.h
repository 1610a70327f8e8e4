/* SPDX-License-Identifier: MIT */
/* wards: the children of a supervisor that is the command's parent: the command, and whatever lost its own parent. For the engine's thread. */
#ifndef CLI_GUARD_WARDS_H
#define CLI_GUARD_WARDS_H

#include <stdbool.h>
#include <sys/types.h>

/* What the supervisor says to the process that waits in the command's name. */
struct ward_news {
	int status; /* of the command, which has stopped or ended, as waitpid(2) has it */
	bool last;  /* the supervisor ends, too */
};

/* Before the command is forked: be the next parent of what it leaves behind. */
void wards_adopt(void);

/* Care for them on the engine. News of the command go to `waiter`, a connection of packets: who it belongs to has been killed if that ends before
 * the command, and so is the command then. The supervisor stays at least until the command has ended. Call it while there is but one thread. */
void wards_start(pid_t command, int waiter);

/* Nobody is left under the filter. */
void wards_alone(void);

#endif
