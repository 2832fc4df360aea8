#include "base/cause.h"

#include <assert.h>
#include <stddef.h>

#include "base/compiler.h"

struct cause_words {
	const char *name, *text;
};

static const struct cause_words words[] = {
	[CAUSE_OK] = {"ok", "success"},
	[CAUSE_DENIED] = {"denied", "not allowed"},
	[CAUSE_NO_ROUTE] = {"no_route", "no peer allows the address"},
	[CAUSE_UNREACHABLE] = {"unreachable", "network or host unreachable"},
	[CAUSE_NAME_NOT_FOUND] = {"name_not_found", "name not found"},
	[CAUSE_REFUSED] = {"refused", "connection refused"},
	[CAUSE_TIME_EXCEEDED] = {"time_exceeded", "time exceeded on the way"},
	[CAUSE_NO_ANSWER] = {"no_answer", "no answer in time"},
	[CAUSE_TUNNEL_DOWN] = {"tunnel_down", "tunnel not up"},
	[CAUSE_EXHAUSTED] = {"exhausted", "out of descriptors, memory or places"},
	[CAUSE_RESET] = {"reset", "connection reset by the far side"},
	[CAUSE_COMMAND] = {"command", "command not supported"},
	[CAUSE_ADDRESS_TYPE] = {"address_type", "address type not supported"},
};

static_assert(ARRAY_LEN(words) == CAUSE_COUNT, "each cause has its words");

static const struct cause_words *cause_words(enum cause cause)
{
	static const struct cause_words unknown = {"unknown", "unknown cause"};

	return (size_t)cause < ARRAY_LEN(words) ? &words[cause] : &unknown;
}

const char *cause_text(enum cause cause)
{
	return cause_words(cause)->text;
}

const char *cause_name(enum cause cause)
{
	return cause_words(cause)->name;
}
