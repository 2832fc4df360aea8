#include "conf/array.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/system.h"

#define ARRAY_FIRST 4	/* most lists of a configuration are shorter */

static bool is_full(size_t count)
{
	return count == 0 || (count >= ARRAY_FIRST && (count & (count - 1)) == 0);
}

void *array_grow(void *items, size_t count, size_t size)
{
	size_t cap = count ? count * 2 : ARRAY_FIRST;
	char *grown;

	if (!is_full(count)) {
		memset((char *)items + count * size, 0, size);
		return items;
	}
	if (count > SIZE_MAX / 2 || cap > SIZE_MAX / size)
		return NULL;
	grown = calloc(cap, size);
	if (!grown)
		return NULL;
	if (count) {
		memcpy(grown, items, count * size);
		crypto_wipe(items, count * size);
	}
	free(items);
	return grown;
}
