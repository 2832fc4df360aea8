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
	[CAUSE_PROHIBITED] = {"prohibited", "prohibited by a router or firewall"},
	[CAUSE_NO_ROUTE] = {"no_route", "no peer allows the address"},
	[CAUSE_NO_FAMILY] = {"no_family", "the tunnel has no address of this family"},
	[CAUSE_UNREACHABLE] = {"unreachable", "network or host unreachable"},
	[CAUSE_NAME_NOT_FOUND] = {"name_not_found", "name not found"},
	[CAUSE_NAME_FAILED] = {"name_failed", "no name server gave a usable answer"},
	[CAUSE_NAME_NO_ANSWER] = {"name_no_answer", "no name server answered"},
	[CAUSE_REFUSED] = {"refused", "connection refused"},
	[CAUSE_TIME_EXCEEDED] = {"time_exceeded", "time exceeded on the way"},
	[CAUSE_NO_ANSWER] = {"no_answer", "no answer in time"},
	[CAUSE_TUNNEL_DOWN] = {"tunnel_down", "tunnel not up"},
	[CAUSE_EXHAUSTED] = {"exhausted", "out of descriptors or memory"},
	[CAUSE_LIMIT] = {"limit", "all places for connections are taken"},
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
