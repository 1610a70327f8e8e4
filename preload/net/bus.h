/* bus: connections to the system's message bus, on which some services are not to be called. */
#ifndef NET_BUS_H
#define NET_BUS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Connect, and from now on follow what is said. 0 or a negative err. */
int bus_connect(int fd, const struct sockaddr *to, socklen_t len);

/* Whether `fd` is such a connection, or a duplicate of one; two loads and a test for all others. */
bool bus_is(int fd);

/* sendmsg(): 0.. or a negative err. Where the destination, the interface or the path of a call begins with one of `names` (8 at most, then
 * NULL) the last letter of that becomes `_`: the bus then answers as on a machine without the service. A write that failed would be the
 * end of the connection, and of whatever else it is used for. */
ssize_t bus_send(int fd, const struct msghdr *, int flags, const char *const names[]);

#endif
