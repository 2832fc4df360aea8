#include "base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static struct {
	log_sink_fn sink;
	void *ctx;
	enum log_level level;
} log_state;

void log_init(log_sink_fn sink, void *ctx, enum log_level level)
{
	log_state.sink = sink;
	log_state.ctx = ctx;
	log_state.level = level;
}

void log_set_level(enum log_level level)
{
	log_state.level = level;
}

bool log_enabled(enum log_level level)
{
	return log_state.sink && level <= log_state.level;
}

const char *log_level_name(enum log_level level)
{
	switch (level) {
	case LOG_ERROR:
		return "error";
	case LOG_WARN:
		return "warn";
	case LOG_INFO:
		return "info";
	case LOG_DEBUG:
		return "debug";
	case LOG_TRACE:
		return "trace";
	}
	return "unknown";
}

void log_write(enum log_level level, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list args;
	int len;

	if (!log_enabled(level))
		return;
	va_start(args, fmt);
	len = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (len < 0)
		return;
	/* Values may come from outside: a line stays one line and cannot steer a terminal. */
	for (char *p = line; *p; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	}
	log_state.sink(log_state.ctx, level, line);
}
