#include "app/proxyenv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/txt.h"
#include "conf/parse.h"

/* What is on this machine is not behind the tunnel. */
static const char *const local[] = {"localhost", "127.0.0.1", "::1"};
#define LOCAL_TEXT_MAX 32	/* all of them with their commas */

static bool list_holds(const char *list, const char *name)
{
	struct txt t = txt_str(list), item;

	while (parse_next_item(&t, &item)) {
		if (txt_equal_nocase(item, name))
			return true;
	}
	return false;
}

char *proxyenv_extend(const char *list)
{
	size_t len = list ? strlen(list) : 0;
	char *out = malloc(len + LOCAL_TEXT_MAX);

	if (!out)
		return NULL;
	memcpy(out, list ? list : "", len);
	out[len] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(local); i++) {
		if (!list || !list_holds(list, local[i]))
			len += (size_t)snprintf(out + len, LOCAL_TEXT_MAX, "%s%s",
						*out ? "," : "", local[i]);
	}
	return out;
}

static bool set_both(const char *upper, const char *lower, const char *value)
{
	return setenv(upper, value, 1) == 0 && setenv(lower, value, 1) == 0;
}

static bool set_no_proxy(void)
{
	const char *upper = getenv("NO_PROXY"), *lower = getenv("no_proxy");
	char *extended_upper = proxyenv_extend(upper ? upper : lower);
	char *extended_lower = proxyenv_extend(lower ? lower : upper);
	bool good = extended_upper && extended_lower &&
		    setenv("NO_PROXY", extended_upper, 1) == 0 &&
		    setenv("no_proxy", extended_lower, 1) == 0;

	free(extended_upper);
	free(extended_lower);
	return good;
}

bool proxyenv_set(uint16_t port)
{
	char socks[40], http[40];

	/* socks5h: the far side of the tunnel knows the names. */
	snprintf(socks, sizeof(socks), "socks5h://127.0.0.1:%u", port);
	snprintf(http, sizeof(http), "http://127.0.0.1:%u", port);
	/* Node.js heeds the others only when told so. */
	return setenv("NODE_USE_ENV_PROXY", "1", 1) == 0 && set_both("ALL_PROXY", "all_proxy", socks) &&
	       set_both("HTTP_PROXY", "http_proxy", http) &&
	       set_both("HTTPS_PROXY", "https_proxy", http) && set_no_proxy();
}
