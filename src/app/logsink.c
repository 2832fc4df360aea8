/*
 * Theory of operation
 *
 * base/log formats and filters; here a line gets its time and level and goes out with one write,
 * so that lines of several processes do not mix. A reader that is gone, slow or full costs the
 * line, never the program. In JSON every byte is representable: what is not UTF-8 becomes U+FFFD
 * (RFC 8259 section 8.1 wants UTF-8, section 7 the escapes).
 */
#include "app/logsink.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/wr.h"
#include "io/loop.h"

static enum logsink_format logsink_format_now;

/* The length of the UTF-8 sequence at `s` (RFC 3629 section 4), or 0 when there is none. */
static size_t utf8_len(const unsigned char *s)
{
	unsigned char lead = s[0], min = 0x80, max = 0xbf;
	size_t len;

	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	len = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	/* Overlong forms, surrogates and values beyond U+10FFFF show in the second byte. */
	if (lead == 0xe0)
		min = 0xa0;
	else if (lead == 0xed)
		max = 0x9f;
	else if (lead == 0xf0)
		min = 0x90;
	else if (lead == 0xf4)
		max = 0x8f;
	if (s[1] < min || s[1] > max)
		return 0;
	for (size_t i = 2; i < len; i++) {
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	}
	return len;
}

static void write_json_text(struct wr *w, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	wr_u8(w, '"');
	while (*s) {
		size_t len = utf8_len(s);
		char escape[8];

		if (*s == '"' || *s == '\\') {
			wr_u8(w, '\\');
			wr_u8(w, *s);
		} else if (*s < 0x20 || *s == 0x7f) {
			snprintf(escape, sizeof(escape), "\\u%04x", *s);
			wr_text(w, escape);
		} else if (len) {
			wr_bytes(w, s, len);
		} else {
			wr_text(w, "\\ufffd");
		}
		s += len ? len : 1;
	}
	wr_u8(w, '"');
}

/* ISO 8601 in UTC with milliseconds. */
static void format_time(struct wall_time when, char out[static 40])
{
	time_t seconds = (time_t)when.s;
	struct tm tm;

	if (!gmtime_r(&seconds, &tm))
		memset(&tm, 0, sizeof(tm));
	snprintf(out, 40, "%04d-%02d-%02dT%02d:%02d:%02d.%03uZ", (tm.tm_year + 1900) % 10000,
		 (tm.tm_mon + 1) % 100, tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100,
		 tm.tm_sec % 100, when.ns / 1000000 % 1000);
}

static void write_text_head(struct wr *w, const char *time, enum log_level level)
{
	char name[8];
	size_t i = 0;

	for (const char *s = log_level_name(level); *s && i < 5; s++)
		name[i++] = (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
	while (i < 5)
		name[i++] = ' ';
	wr_text(w, time);
	wr_u8(w, ' ');
	wr_bytes(w, name, i);
	wr_u8(w, ' ');
}

size_t logsink_format_line(enum logsink_format format, struct wall_time when, enum log_level level,
			   const char *line, char out[static LOGSINK_LINE_MAX])
{
	struct wr w = wr_init(out, LOGSINK_LINE_MAX);
	char time[40];

	format_time(when, time);
	if (format == LOGSINK_JSON) {
		wr_text(&w, "{\"time\":\"");
		wr_text(&w, time);
		wr_text(&w, "\",\"level\":\"");
		wr_text(&w, log_level_name(level));
		wr_text(&w, "\",\"msg\":");
		write_json_text(&w, line);
		wr_text(&w, "}");
	} else {
		write_text_head(&w, time, level);
		wr_text(&w, line);
	}
	wr_u8(&w, '\n');
	return wr_ok(&w) ? w.len : 0;
}

static void sink(void *ctx, enum log_level level, const char *line)
{
	char out[LOGSINK_LINE_MAX];
	size_t len = logsink_format_line(logsink_format_now, io_wall_now(), level, line, out);

	(void)ctx;
	if (write(STDERR_FILENO, out, len) < 0)
		return;
}

void logsink_init(enum logsink_format format, enum log_level level)
{
	logsink_format_now = format;
	log_init(sink, NULL, level);
}
