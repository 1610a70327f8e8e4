/* SPDX-License-Identifier: MIT */
/* listener: a socket of the program's that listens at a proxy, by BIND (RFC 1928, 4 and 6). The program's number means a listening socket on
 * loopback, which poll, select and epoll know as any other; when a peer has come to the proxy a connection of ours arrives there, and
 * accept() puts the peer's in its place. One BIND serves one peer: after each another is made, perhaps at another address. Forked children
 * accept as well (heir.h). Any thread. */
#ifndef LISTEN_LISTENER_H
#define LISTEN_LISTENER_H

#include "core/route/decide.h"
#include "fd/table.h"
#include "listen/share.h"

/* Have the last proxy of the route listen for the stream socket `fd`, which has its entry; waits for its answer. Returns 0, or a negative err:
 * ERR_PROXY_COMMAND if it does not know how. From then on the entry is FD_LISTENING until listener_closed(). */
int listener_bind(int fd, struct fd_entry *, const struct app *, const struct route *);

/* The program listens: put the loopback socket under its number, and let peers come. Returns 0 or -errno; 0 if it does already. Of several threads
 * that call it each returns when the socket is there. */
int listener_start(int fd, struct fd_entry *, int backlog);

/* Find the address at the proxy, as a socket of the program's family has it; waits while the proxy is asked for the next one. Returns false if the entry is no listener any more. */
bool listener_name(struct fd_entry *, int fd, struct endpoint *);

/* `fd` listens on loopback, and the entry does not say so: if it does by another process, an ancestor before an exec or one that has sent it, share
 * that, and return the entry. Else NULL. May wait for the other's answer. */
struct fd_entry *listener_inherit(int fd, const struct app *);

/* The same for `fd`, of which the program before has told (succession.h), with what it shared, which is taken over. */
void listener_succeed(int fd, const struct app *, struct share *);

/* Find what `fd` listens by; NULL: it does not, any more. Until listener_leave() it goes on, though the number be closed: as the kernel's does
 * for who is in accept(2). */
struct listener *listener_enter(struct fd_entry *, int fd);
void listener_leave(struct listener *);

/* The program has accepted `fd`: put the connection of a peer in its place, with the flags of accept4(2). Returns 0 and the peer's address;
 * -ECONNABORTED if none has come. */
int listener_take(struct listener *, int fd, int flags, struct endpoint *peer);

/* The number is closed, or means another socket from now on. The entry is not locked. */
void listener_closed(struct fd_entry *);

/* True if `fd` is still the socket that listens by the entry. Else the number was closed behind our back, and the listener is let go. The entry
 * is not locked. */
bool listener_verify(struct fd_entry *, int fd);

/* `to`, an entry without a kind, is that of a duplicate of `fd`. */
void listener_copied(struct fd_entry *, int fd, struct fd_entry *to);

#endif
