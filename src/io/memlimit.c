/*
 * Theory of operation
 *
 * /proc/self/cgroup has a line "ID:CONTROLLERS:PATH" for each hierarchy. With version 2 ID is 0 and there are no
 * controllers; with version 1 the line of the memory controller counts. A host may have both. Limits hold for
 * a whole subtree, so all groups up to the root of the hierarchy are asked. A container usually sees its own
 * group as root; without a namespace for groups it sees the path on the host, of which only the root is
 * mounted: what does not exist is passed over.
 */
#include "io/memlimit.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/txt.h"
#include "io/file.h"

/* Some 15 lines; what lies behind this is not looked at. */
#define GROUPS_MAX 8192
/* Of a group's file; deeper groups are passed over. */
#define PATH_LEN_MAX 1024
/* A number and its end of line. */
#define LIMIT_TEXT_MAX 32

/*
 * Beyond memory.high the kernel reclaims and slows the group down, for as long as it likes: that is a limit for
 * memory that we choose to use (cgroup-v2, "Memory Interface Files").
 */
static const char v2_mount[] = "/sys/fs/cgroup", v2_hard[] = "memory.max", v2_soft[] = "memory.high";
static const char v1_mount[] = "/sys/fs/cgroup/memory", v1_file[] = "memory.limit_in_bytes";

/* The limit in one file. "max", and what makes no sense, is none. */
static size_t read_limit(const char *path)
{
	char text[LIMIT_TEXT_MAX];
	struct txt t = txt_init(text, file_read_into(path, text, sizeof(text)));
	uint64_t value;

	if (!txt_u64(&t, SIZE_MAX, &value))
		return 0;
	(void)txt_char(&t, '\n');
	return txt_end(&t) ? (size_t)value : 0;
}

static size_t least(size_t a, size_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* The least of the group `group` and those above it. */
static size_t walk_up(const char *root, const char *mount, const char *file, struct txt group)
{
	char path[PATH_LEN_MAX];
	size_t limit = 0;

	for (;;) {
		int n = snprintf(path, sizeof(path), "%s%s%.*s/%s", root, mount, (int)group.left, group.p, file);

		if (n > 0 && (size_t)n < sizeof(path))
			limit = least(limit, read_limit(path));
		if (!group.left)
			return limit;
		while (group.left && group.p[--group.left] != '/')
			;
	}
}

static bool has_memory(struct txt controllers)
{
	struct txt name;

	while (txt_until(&controllers, ',', &name)) {
		if (txt_equal(name, "memory"))
			return true;
	}
	return txt_equal(controllers, "memory");
}

static size_t limit_of_line(const char *root, struct txt line)
{
	struct txt id, controllers;

	if (!txt_until(&line, ':', &id) || !txt_until(&line, ':', &controllers) || !line.left || *line.p != '/')
		return 0;
	if (txt_equal(id, "0") && txt_end(&controllers))
		return least(walk_up(root, v2_mount, v2_hard, line), walk_up(root, v2_mount, v2_soft, line));
	return has_memory(controllers) ? walk_up(root, v1_mount, v1_file, line) : 0;
}

size_t memlimit_read(const char *root)
{
	char path[PATH_LEN_MAX], text[GROUPS_MAX];
	struct txt t, line;
	size_t limit = 0;
	int n = snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);

	if (n < 0 || (size_t)n >= sizeof(path))
		return 0;
	t = txt_init(text, file_read_into(path, text, sizeof(text)));
	/* A line that was cut has no end. */
	while (txt_until(&t, '\n', &line))
		limit = least(limit, limit_of_line(root, line));
	return limit;
}
