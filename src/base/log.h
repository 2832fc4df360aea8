/*
 * Log lines. base/ formats and filters; app/ injects the sink that adds time and writes.
 * A line is one event for people: what, on what, why. Secrets and, at the default level,
 * destinations never appear.
 */
#ifndef CULVERT_BASE_LOG_H
#define CULVERT_BASE_LOG_H

#include <stdbool.h>

#include "base/compiler.h"

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
	LOG_TRACE,
};

#define LOG_LINE_MAX 1024	/* a longer line is cut; no legitimate message comes near */

typedef void (*log_sink_fn)(void *ctx, enum log_level level, const char *line);

/* Sets where lines go (NULL: nowhere) and the most verbose level that passes. */
void log_init(log_sink_fn sink, void *ctx, enum log_level level);

void log_set_level(enum log_level level);

bool log_enabled(enum log_level level);

const char *log_level_name(enum log_level level);

void log_write(enum log_level level, const char *fmt, ...) CULVERT_PRINTF(2, 3);

#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) \
	do { \
		if (log_enabled(LOG_DEBUG)) \
			log_write(LOG_DEBUG, __VA_ARGS__); \
	} while (0)
#define log_trace(...) \
	do { \
		if (log_enabled(LOG_TRACE)) \
			log_write(LOG_TRACE, __VA_ARGS__); \
	} while (0)

#endif
