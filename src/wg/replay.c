/*
 * Theory of operation
 *
 * The bitmap is a ring of 64-bit words indexed by counter / 64. Moving forward clears the words
 * that are entered, never shifts. The word of the highest counter is only partly in the past, so
 * one word more than the window is kept. WG_REPLAY_BITS need not be a power of two; the counter
 * ends far below 2^64 (REJECT_AFTER_MESSAGES), so `counter + 1` cannot wrap.
 */
#include "wg/replay.h"

#define WORDS (WG_REPLAY_BITS / 64)

bool wg_replay_check(const struct wg_replay *r, uint64_t counter)
{
	if (counter >= r->next)
		return true;
	if (r->next - counter > WG_REPLAY_WINDOW)
		return false;
	return !(r->bitmap[counter / 64 % WORDS] >> counter % 64 & 1);
}

bool wg_replay_accept(struct wg_replay *r, uint64_t counter)
{
	uint64_t word, newest, i;

	if (!wg_replay_check(r, counter))
		return false;
	word = counter / 64;
	if (counter >= r->next) {
		newest = r->next ? (r->next - 1) / 64 : 0;
		for (i = 1; i <= word - newest && i <= WORDS; i++)
			r->bitmap[(newest + i) % WORDS] = 0;
		r->next = counter + 1;
	}
	r->bitmap[word % WORDS] |= UINT64_C(1) << counter % 64;
	return true;
}
