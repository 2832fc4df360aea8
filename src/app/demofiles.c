#include "app/demofiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/system.h"

bool demofiles_open(struct demofiles *f)
{
	const char *tmp = getenv("TMPDIR");
	int len = snprintf(f->folder, sizeof(f->folder), "%s/culvert-demo-XXXXXX",
			   tmp && *tmp == '/' ? tmp : "/tmp");

	if (len > 0 && (size_t)len < sizeof(f->folder) && mkdtemp(f->folder))
		return true;
	if (len < 0 || (size_t)len >= sizeof(f->folder))
		errno = ENAMETOOLONG;
	f->folder[0] = '\0';
	return false;
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	ssize_t n = fd < 0 ? -1 : write(fd, text, len);

	if (fd >= 0 && close(fd) < 0)
		return false;
	return n >= 0 && (size_t)n == len;
}

static void format_path(const struct demofiles *f, const char *name, const char *suffix,
			char path[static DEMOFILES_PATH_MAX + 32])
{
	snprintf(path, DEMOFILES_PATH_MAX + 32, "%s/%.16s%s", f->folder, name, suffix);
}

bool demofiles_write(const struct demofiles *f, const struct demofiles_node *node,
		     char path[static DEMOFILES_PATH_MAX + 32], char text[static DEMOFILES_TEXT_MAX])
{
	char key[KEY_TEXT_LEN + 1], peer[KEY_TEXT_LEN + 1];
	bool written;

	key_public_format(node->peer, peer);
	snprintf(text, DEMOFILES_TEXT_MAX,
		 "[Interface]\n"
		 "PrivateKey = file:%s.key\n"
		 "Address = %s/32\n"
		 "\n"
		 "[Peer]\n"
		 "PublicKey = %s\n"
		 "Endpoint = 127.0.0.1:%u\n"
		 "AllowedIPs = %s/32\n"
		 "\n"
		 "[Mixed]\n"
		 "BindAddress = 127.0.0.1:0\n",
		 node->name, node->address, peer, node->peer_port, node->peer_address);
	format_path(f, node->name, ".key", path);
	key_private_format(node->key, key);
	written = write_file(path, key);
	crypto_wipe(key, sizeof(key));
	format_path(f, node->name, ".conf", path);
	return written && write_file(path, text);
}

void demofiles_close(struct demofiles *f, const char *const *names, unsigned count)
{
	char path[DEMOFILES_PATH_MAX + 32];

	if (!f->folder[0])
		return;
	for (unsigned i = 0; i < count; i++) {
		format_path(f, names[i], ".key", path);
		unlink(path);
		format_path(f, names[i], ".conf", path);
		unlink(path);
	}
	rmdir(f->folder);
	f->folder[0] = '\0';
}
