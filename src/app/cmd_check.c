#include "app/cmd_check.h"

#include <stdio.h>

#include "app/load.h"
#include "app/summary.h"

static void print_problems(const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		fprintf(stderr, "%s%s\n",
			problems->items[i].kind == PROBLEM_WARNING ? "warning: " : "",
			problems->items[i].text);
	if (problems->dropped)
		fprintf(stderr, "%zu more problems are not shown\n", problems->dropped);
}

static void print_line(void *ctx, const char *label, const char *text)
{
	(void)ctx;
	printf("  %-12s %s\n", label, text);
}

static void print_summary(const struct node_config *c, const struct config_facts *facts)
{
	puts("OK");
	if (facts->path)
		print_line(NULL, "file", facts->path);
	summary_tell_network(c, print_line, NULL);
	summary_tell_listeners(c, facts, print_line, NULL);
}

int cmd_check(const struct options *o)
{
	struct config_facts facts = {.path = NULL};
	struct node_config config;
	struct problems problems;
	int code = load_config(&config, o, false, &facts, &problems);

	print_problems(&problems);
	if (!code)
		print_summary(&config, &facts);
	problems_fini(&problems);
	node_config_fini(&config);
	return code;
}
