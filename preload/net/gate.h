/* gate: a fork does not find another thread half-way through what its child would have to carry on. */
#ifndef NET_GATE_H
#define NET_GATE_H

/* Begin and end what a fork must not see the middle of: a few system calls, no waiting. Waits for a fork that another thread is at. */
void gate_enter(void);
void gate_leave(void);

/* Before a fork: wait until all other threads have left, and keep them out; and afterwards. */
void gate_close(void);
void gate_open(void);
void gate_open_in_child(void);

#endif
