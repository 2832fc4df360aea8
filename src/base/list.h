/* Intrusive doubly linked list with a sentinel. A node is in at most one list per field. */
#ifndef CULVERT_BASE_LIST_H
#define CULVERT_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

struct list {
	struct list *next, *prev;
};

/* An empty list, or a node that is in none. */
static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

/* Whether an initialised node is in a list. */
static inline bool list_linked(const struct list *n)
{
	return n->next != n;
}

static inline void list_insert_after(struct list *at, struct list *n)
{
	n->prev = at;
	n->next = at->next;
	at->next->prev = n;
	at->next = n;
}

static inline void list_push_front(struct list *l, struct list *n)
{
	list_insert_after(l, n);
}

static inline void list_push_back(struct list *l, struct list *n)
{
	list_insert_after(l->prev, n);
}

/* Unlinks `n`; harmless when it is in no list. */
static inline void list_remove(struct list *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	list_init(n);
}

/* Unlinks and returns the first node, or NULL. */
static inline struct list *list_pop_front(struct list *l)
{
	struct list *n = l->next;

	if (n == l)
		return NULL;
	list_remove(n);
	return n;
}

#define LIST_ENTRY(node, type, member) CONTAINER_OF(node, type, member)

#endif
