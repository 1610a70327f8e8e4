/* dbus: connections to the system's message bus, on which some services are not to be called. */
#ifndef DNS_DBUS_H
#define DNS_DBUS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Connect, and from now on follow what is said. 0 or a negative err. */
int dbus_connect(int fd, const struct sockaddr *to, socklen_t len);

/* Whether `fd` is such a connection, or a duplicate of one; two loads and a test for all others. */
bool dbus_is(int fd);

/* sendmsg(): 0.. or a negative err. Where the destination, the interface or the path of a call begins with one of `names` (8 at most, then
 * NULL) the last letter of that becomes `_`: the bus then answers as on a machine without the service. A write that failed would be the
 * end of the connection, and of whatever else it is used for. */
ssize_t dbus_send(int fd, const struct msghdr *, int flags, const char *const names[]);

#endif
