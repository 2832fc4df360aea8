#include "crypto/x25519.h"

#include <sodium.h>

#include "base/err.h"

int x25519_agree(struct key_shared *out, const struct key_private *ours,
		 const struct key_public *theirs)
{
	if (crypto_scalarmult(out->bytes, ours->bytes, theirs->bytes) == 0 &&
	    !sodium_is_zero(out->bytes, KEY_LEN))
		return 0;
	crypto_wipe(out, sizeof(*out));
	return ERR_CRYPTO;
}
