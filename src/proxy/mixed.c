#include "proxy/mixed.h"

enum mixed_protocol mixed_detect(uint8_t first_byte)
{
	return first_byte == 4 || first_byte == 5 ? MIXED_SOCKS : MIXED_HTTP;
}
