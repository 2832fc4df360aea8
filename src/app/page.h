/* A web server of one page on loopback: what the demo's far node serves. */
#ifndef CULVERT_APP_PAGE_H
#define CULVERT_APP_PAGE_H

#include <stdint.h>

#include "base/compiler.h"
#include "io/loop.h"

struct page;

/* Serves on a free port of 127.0.0.1 (`*port`). NULL when the system refuses. */
struct page *page_new(struct io_loop *loop, uint16_t *port);
void page_free(struct page *page);

/* A phrase that only the page holds. */
extern const char page_phrase[];

#endif
