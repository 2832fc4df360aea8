/* Where log lines go: standard error, one line each, as text or JSON. */
#ifndef CULVERT_APP_LOGSINK_H
#define CULVERT_APP_LOGSINK_H

#include <stddef.h>

#include "base/clock.h"
#include "base/log.h"

enum logsink_format {
	LOGSINK_TEXT,	/* 2026-11-23T14:00:00.123Z INFO  text */
	LOGSINK_JSON,	/* {"time":"...","level":"info","msg":"text"} */
};

/* A line with all characters escaped, and the rest of the object around it. */
#define LOGSINK_LINE_MAX (6 * LOG_LINE_MAX + 96)

/* Sends lines up to `level` to standard error from now on. */
void logsink_init(enum logsink_format format, enum log_level level);

/* Writes one line with its line end to `out`; returns its length. */
size_t logsink_format_line(enum logsink_format format, struct wall_time when, enum log_level level,
			   const char *line, char out[static LOGSINK_LINE_MAX]);

#endif
