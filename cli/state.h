/* SPDX-License-Identifier: MIT */
/* state: one line about what would happen now. */
#ifndef CLI_STATE_H
#define CLI_STATE_H

/* Print "now: chain default: socks5://gw:1080 (/home/u/.socksify.ini)", or that there is no configuration. */
void state_print(void);

#endif
