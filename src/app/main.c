#include "app/commands.h"

int main(int argc, char **argv)
{
	(void)argc;
	return commands_main(argv);
}
