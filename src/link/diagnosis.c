#include "link/diagnosis.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#ifndef CULVERT_BUILD_TIME
#define CULVERT_BUILD_TIME 0
#endif

uint64_t diagnosis_built_s(void)
{
	return CULVERT_BUILD_TIME;
}

enum diagnosis_clock diagnosis_watch_clock(struct diagnosis_watch *w, struct boot_time now,
					   struct wall_time wall, uint64_t built_s)
{
	int64_t ahead = (int64_t)(wall.s * 1000 + wall.ns / NS_PER_MS) -
			(int64_t)(now.ns / NS_PER_MS);

	if (!w->known || ahead > w->ahead_ms)
		w->ahead_ms = ahead;
	w->known = true;
	if (wall.s < built_s)
		return DIAGNOSIS_CLOCK_OLD;
	/* Boot time is slewed as the wall clock is: only steps part them. */
	return w->ahead_ms - ahead > DIAGNOSIS_CLOCK_STEP_MS ? DIAGNOSIS_CLOCK_BACK :
							       DIAGNOSIS_CLOCK_FINE;
}

__attribute__((format(printf, 3, 4)))
static void append(char *out, size_t cap, const char *format, ...)
{
	size_t len = strnlen(out, cap);
	va_list args;

	if (len >= cap)
		return;
	va_start(args, format);
	vsnprintf(out + len, cap - len, format, args);
	va_end(args);
}

static void append_was_up(const struct diagnosis *d, char *out, size_t cap)
{
	if (d->info.last_up.ns)
		append(out, cap, "; was up until %" PRIu64 " s ago",
		       boot_since_ms(d->now, d->info.last_up) / 1000);
}

static void append_trouble(const struct diagnosis *d, const char *at, char *out, size_t cap)
{
	bool v6 = d->info.endpoint.addr.family == ADDR_V6;

	switch (d->trouble) {
	case IO_UDP_NO_FAMILY:
		append(out, cap, "cannot send to %s: this host has no %s; use an endpoint with an "
		       "%s address", at, v6 ? "IPv6" : "IPv4", v6 ? "IPv4" : "IPv6");
		break;
	case IO_UDP_NO_ROUTE:
		append(out, cap, "cannot send to %s: this host has no route to it; check that its "
		       "network is up", at);
		break;
	case IO_UDP_FORBIDDEN:
		append(out, cap, "cannot send to %s: this host's firewall or a rule of its routes "
		       "forbids it", at);
		break;
	case IO_UDP_REFUSED:
		append(out, cap, "nothing listens on %s (ICMP port unreachable); check the port of "
		       "Endpoint and that WireGuard runs there", at);
		break;
	case IO_UDP_UNREACHABLE:
		append(out, cap, "%s cannot be reached (ICMP unreachable); check the address of "
		       "Endpoint and that the host is up", at);
		break;
	case IO_UDP_PROHIBITED:
		append(out, cap, "a router or firewall on the way forbids %s (ICMP)", at);
		break;
	case IO_UDP_FINE:
		break;
	}
}

static const char *clock_text(enum diagnosis_clock clock)
{
	switch (clock) {
	case DIAGNOSIS_CLOCK_OLD:
		return "; check this machine's clock: it is before the day this program was built, "
		       "and a peer ignores handshakes older than those it has seen";
	case DIAGNOSIS_CLOCK_BACK:
		return "; check this machine's clock: it was set back, and a peer ignores handshakes "
		       "older than those it has seen";
	case DIAGNOSIS_CLOCK_FINE:
		break;
	}
	return "";
}

const char *diagnosis_no_session(const struct diagnosis *d, char *out, size_t cap)
{
	char at[ENDPOINT_TEXT_MAX];

	out[0] = '\0';
	endpoint_format(&d->info.endpoint, at);
	if (d->trouble != IO_UDP_FINE) {
		append_trouble(d, at, out, cap);
		append_was_up(d, out, cap);
		return out;
	}
	if (d->info.attempts == 0) {
		append(out, cap, "no session with %s", at);
		append_was_up(d, out, cap);
		return out;
	}
	append(out, cap, "no answer from %s to %u handshake%s", at, d->info.attempts,
	       d->info.attempts == 1 ? "" : "s");
	append_was_up(d, out, cap);
	if (d->clock != DIAGNOSIS_CLOCK_FINE)
		append(out, cap, "%s", clock_text(d->clock));
	else if (!d->info.last_up.ns)
		append(out, cap, "; check the peer's address, port and the keys of both sides");
	return out;
}

bool diagnosis_one_way(const struct wg_peer_info *info)
{
	return info->has_session && info->tx_data > 0 && info->rx_data == 0;
}

const char *diagnosis_silence(const struct diagnosis *d, char *out, size_t cap)
{
	char at[ENDPOINT_TEXT_MAX];

	out[0] = '\0';
	if (d->trouble != IO_UDP_FINE)
		append_trouble(d, endpoint_format(&d->info.endpoint, at), out, cap);
	else if (diagnosis_one_way(&d->info))
		append(out, cap, "the tunnel is up, but nothing ever came back through it: perhaps the "
		       "peer's AllowedIPs lack our address, or it does not forward");
	return out;
}
