/* twin: a socket of another family that stands in for the application's, with its options. */
#ifndef NET_TWIN_H
#define NET_TWIN_H

/* A stream socket of `family` with every option of `fd` that can be read there and set here; close-on-exec. -errno. */
int twin_make(int fd, int family);

/* Set them again, as the application may have changed them in the meantime. */
void twin_update(int fd, int twin, int family);

#endif
