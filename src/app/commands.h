/* The table of commands: what is run, and what the help says. */
#ifndef CULVERT_APP_COMMANDS_H
#define CULVERT_APP_COMMANDS_H

#include "app/options.h"

/* Reads the command line and runs the command. Returns the exit code. */
int commands_main(char **argv);

#endif
