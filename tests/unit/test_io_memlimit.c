#include "io/memlimit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define V2 "/sys/fs/cgroup"
#define V1 "/sys/fs/cgroup/memory"

static char root[] = "/tmp/culvert-memlimit-XXXXXX";

/* Creates a file below `root`, with its folders. */
static void put(const char *path, const char *text, size_t len)
{
	char full[2048];
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *p = full + strlen(root) + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		(void)mkdir(full, 0700);
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void remove_all(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s/*", root);
	assert_int_equal(system(command), 0);
}

struct file {
	const char *path, *text;
};

static void test_the_least_limit_of_all_groups_counts(void **state)
{
	static const struct {
		struct file files[5];
		size_t limit;
	} cases[] = {
		{.limit = 0},
		{.files = {{"/proc/self/cgroup", "0::/\n"}}, .limit = 0},
		{.files = {{"/proc/self/cgroup", "0::/\n"}, {V2 "/memory.max", "104857600\n"}}, .limit = 104857600},
		{.files = {{"/proc/self/cgroup", "0::/\n"}, {V2 "/memory.max", "max\n"}}, .limit = 0},
		{.files = {{"/proc/self/cgroup", "0::/a/b.slice/c d\n"}, {V2 "/a/b.slice/c d/memory.max", "max\n"},
			   {V2 "/a/b.slice/memory.max", "3000\n"}, {V2 "/a/memory.max", "2000\n"}}, .limit = 2000},
		{.files = {{"/proc/self/cgroup", "0::/a/b\n"}, {V2 "/a/b/memory.max", "1000\n"},
			   {V2 "/a/memory.max", "2000\n"}}, .limit = 1000},
		/* Beyond memory.high the group is slowed down instead: the smaller of both counts, of any group. */
		{.files = {{"/proc/self/cgroup", "0::/\n"}, {V2 "/memory.max", "max\n"}, {V2 "/memory.high", "3000\n"}},
		 .limit = 3000},
		{.files = {{"/proc/self/cgroup", "0::/\n"}, {V2 "/memory.max", "2000\n"}, {V2 "/memory.high", "3000\n"}},
		 .limit = 2000},
		{.files = {{"/proc/self/cgroup", "0::/a\n"}, {V2 "/a/memory.max", "5000\n"}, {V2 "/a/memory.high", "max\n"},
			   {V2 "/memory.high", "4000\n"}}, .limit = 4000},
		/* The path is the host's, and only the container's own group is there. */
		{.files = {{"/proc/self/cgroup", "0::/docker/4711\n"}, {V2 "/memory.max", "5000\n"}}, .limit = 5000},
		/* Version 1, with others around it. */
		{.files = {{"/proc/self/cgroup", "9:name=systemd:/x\n4:cpu,memory:/y/z\n0::/\n"},
			   {V1 "/y/z/memory.limit_in_bytes", "9223372036854771712\n"},
			   {V1 "/y/memory.limit_in_bytes", "7000\n"}}, .limit = 7000},
		{.files = {{"/proc/self/cgroup", "4:memory:/y\n"}, {V1 "/y/memory.limit_in_bytes", "8000\n"}},
		 .limit = 8000},
		{.files = {{"/proc/self/cgroup", "4:memory,cpu:/y\n0::/\n"}, {V1 "/y/memory.limit_in_bytes", "8000\n"},
			   {V2 "/memory.max", "6000\n"}}, .limit = 6000},
		{.files = {{"/proc/self/cgroup", "4:memoryx,cpu:/y\n"}, {V1 "/y/memory.limit_in_bytes", "8000\n"}},
		 .limit = 0},
		/* What makes no sense is passed over. */
		{.files = {{"/proc/self/cgroup", "\n:\n::\n0\n0:\n0::\n0::x\nrubbish\n0::/\n"}, {V2 "/memory.max", "9000"}},
		 .limit = 9000},
		{.files = {{"/proc/self/cgroup", "0::/"}, {V2 "/memory.max", "9000"}}, .limit = 0},
		{.files = {{"/proc/self/cgroup", "0::/a\n"}, {V2 "/a/memory.max", "-1\n"}, {V2 "/memory.max", "12 34\n"}},
		 .limit = 0},
		{.files = {{"/proc/self/cgroup", "0::/a\n"}, {V2 "/a/memory.max", ""}, {V2 "/memory.max", "12\n"}},
		 .limit = 12},
		{.files = {{"/proc/self/cgroup", "0::/\n"}, {V2 "/memory.max", "99999999999999999999999\n"}}, .limit = 0},
		{.files = {{"/proc/self/cgroup", "0::/\n"}, {V2 "/memory.max", "0\n"}}, .limit = 0},
		/* A folder is no file. */
		{.files = {{"/proc/self/cgroup", "0::/a\n"}, {V2 "/a/memory.max/x", "1\n"}, {V2 "/memory.max", "12\n"}},
		 .limit = 12},
		{.files = {{"/proc/self/cgroup", "0::/../../..\n"}, {V2 "/memory.max", "12\n"}}, .limit = 12},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (const struct file *f = cases[i].files; f->path; f++)
			put(f->path, f->text, strlen(f->text));
		if (memlimit_read(root) != cases[i].limit)
			fail_msg("case %zu: %zu", i, memlimit_read(root));
		remove_all();
	}
}

static void test_long_files_and_paths_are_cut(void **state)
{
	static char text[20000];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "0::/", 4);
	text[3000] = '\n';
	memcpy(text + 3001, "0::/\n", 5);
	put("/proc/self/cgroup", text, sizeof(text));
	put(V2 "/memory.max", "4096\n", 5);
	assert_int_equal(memlimit_read(root), 4096);
	/* A number that is cut is none. */
	memset(text, '1', sizeof(text));
	put(V2 "/memory.max", text, sizeof(text));
	assert_int_equal(memlimit_read(root), 0);
	remove_all();
}

static void test_this_system_is_no_trouble(void **state)
{
	(void)state;
	print_message("%zu\n", memlimit_read(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_least_limit_of_all_groups_counts),
		cmocka_unit_test(test_long_files_and_paths_are_cut),
		cmocka_unit_test(test_this_system_is_no_trouble),
	};
	int failed;

	if (!mkdtemp(root))
		return 2;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)rmdir(root);
	return failed;
}
