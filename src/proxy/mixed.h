/* SOCKS and HTTP on one port: which one a client speaks, by its first byte. */
#ifndef CULVERT_PROXY_MIXED_H
#define CULVERT_PROXY_MIXED_H

#include <stdint.h>

enum mixed_protocol {
	MIXED_SOCKS,
	MIXED_HTTP,
};

/*
 * 4 and 5 are the version bytes of SOCKS; neither can start an HTTP request, whose method is made
 * of printable characters. Everything else goes to HTTP, which answers garbage with 400.
 */
enum mixed_protocol mixed_detect(uint8_t first_byte);

#endif
