#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

int fault_set(struct fault *f, int err, const char *format, ...)
{
	va_list args;

	f->err = err;
	f->cause = CAUSE_OK;
	f->cannot_bind = false;
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
	return err;
}

void fault_set_cause(struct fault *f, enum cause cause, const char *format, ...)
{
	va_list args;

	f->err = 0;
	f->cause = cause;
	f->cannot_bind = false;
	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
}
