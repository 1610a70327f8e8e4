/* engine: one thread, there only while it has work, that carries pending dials on. */
#ifndef NET_ENGINE_H
#define NET_ENGINE_H

struct pending;

/* Carry `p` on until it settles. Without a thread to do it (the process may have no more) it is done before this returns. */
void engine_submit(struct pending *);

/* Around fork: stand still, so that the child gets dials in a known state; go on in the parent; begin anew in the child. */
void engine_before_fork(void);
void engine_after_fork_in_parent(void);
void engine_after_fork_in_child(void);

#endif
