#include "app/cmd_keys.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/txt.h"
#include "crypto/keys.h"
#include "crypto/system.h"

/* A key, and then nothing but blanks and line ends. */
#define KEY_INPUT_MAX 256

static void warn_if_exposed(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & (S_IROTH | S_IWOTH)))
		fputs("culvert: warning: every user of this machine can read the file that this "
		      "secret goes to; run umask 077 first\n", stderr);
}

/* Prints a key's text and wipes it. */
static int print_key(char text[static KEY_TEXT_LEN + 1])
{
	char line[KEY_TEXT_LEN + 1];
	ssize_t n;

	memcpy(line, text, KEY_TEXT_LEN);
	line[KEY_TEXT_LEN] = '\n';
	/* Not through stdio, whose buffer would keep a copy. */
	n = write(STDOUT_FILENO, line, sizeof(line));
	crypto_wipe(line, sizeof(line));
	crypto_wipe(text, KEY_TEXT_LEN + 1);
	return n == (ssize_t)sizeof(line) ? EXIT_OK : EXIT_RUNTIME;
}

int cmd_genkey(const struct options *o)
{
	struct rng rng = crypto_system_rng();
	struct key_private key;
	char text[KEY_TEXT_LEN + 1];

	(void)o;
	warn_if_exposed();
	key_private_generate(&key, &rng);
	key_private_format(&key, text);
	crypto_wipe(&key, sizeof(key));
	return print_key(text);
}

int cmd_genpsk(const struct options *o)
{
	struct rng rng = crypto_system_rng();
	struct key_shared key;
	char text[KEY_TEXT_LEN + 1];

	(void)o;
	warn_if_exposed();
	rng_bytes(&rng, key.bytes, sizeof(key.bytes));
	key_shared_format(&key, text);
	crypto_wipe(&key, sizeof(key));
	return print_key(text);
}

/* All of standard input up to `cap` bytes; the count, or -1. */
static ssize_t read_input(char *out, size_t cap)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < cap) {
		n = read(STDIN_FILENO, out + len, cap - len);
		if (n > 0)
			len += (size_t)n;
	}
	return n < 0 ? -1 : (ssize_t)len;
}

int cmd_pubkey(const struct options *o)
{
	char input[KEY_INPUT_MAX], text[KEY_TEXT_LEN + 1];
	struct key_private private;
	struct key_public public;
	ssize_t len = read_input(input, sizeof(input));
	size_t used = len > 0 ? (size_t)len : 0;
	bool good;

	(void)o;
	while (used && memchr(" \t\r\n", input[used - 1], 4))
		used--;
	good = len >= 0 && key_private_parse(&private, input, used) == 0 &&
	       key_public_from_private(&public, &private) == 0;
	crypto_wipe(input, sizeof(input));
	crypto_wipe(&private, sizeof(private));
	if (!good) {
		fputs("culvert: standard input is not a private key; expected 44 base64 "
		      "characters, as culvert genkey prints them\n", stderr);
		return EXIT_CONFIG;
	}
	key_public_format(&public, text);
	return print_key(text);
}
