/* listen_address.h - where a server listens: addresses as text, and the socket. */
#pragma once

#include <stdbool.h>

enum { LISTEN_ADDRESS_MAX = 80 };

/*
 * A new listening TCP socket at "ADDRESS:PORT", "[ADDRESS]:PORT", ":PORT" or "PORT"; without an address at
 * 127.0.0.1. Addresses are numbers: names are not looked up. -EINVAL when the text is none of these,
 * otherwise -errno.
 */
int listen_at(const char *where, int backlog, int *ret_fd, bool *ret_ipv6);

/* The address of a socket as such a text, into LISTEN_ADDRESS_MAX bytes. Returns 0 or -errno. */
int listen_address(int fd, char *ret_text);
