/*
 * Theory of operation
 *
 * A service owns its copy of the settings, its listener and its group of connections; sessions read the settings through the
 * group. services_apply compares by the place where a service listens, since only one can have it: whoever
 * keeps the place keeps listening, without a moment in which clients are turned away.
 *
 *	wanted	in `now`, in the order of the configuration; closed (no listener) only when it could not open
 *	gone	in `gone`: listens no more, and is freed from the loop when its last connection has left
 */
#include "front/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "crypto/system.h"
#include "front/conn.h"
#include "front/forward.h"
#include "front/http_session.h"
#include "front/publish.h"
#include "front/socks_session.h"

struct service {
	struct list link;	/* services.gone */
	struct services *owner;
	struct service_config config;
	struct conn_group group;
	struct io_listener *listener;	/* local kinds */
	struct publish *publish;	/* SERVICE_PUBLISH */
	bool wanted;		/* found in `want`, during services_apply */
};

struct services {
	struct service_env env;
	struct service **now;
	size_t count;
	struct list gone;
	struct io_timer *reaper;
};

static void start_http(struct conn_group *g, struct io_sock *sock)
{
	http_session_start(g, sock, NULL, 0);
}

static const struct kind {
	const char *name;
	void (*start)(struct conn_group *g, struct io_sock *sock);	/* takes `sock` over; NULL: not local */
} kinds[SERVICE_KIND_COUNT] = {
	[SERVICE_SOCKS] = {"SOCKS5 proxy", socks_session_start},
	[SERVICE_HTTP] = {"HTTP proxy", start_http},
	[SERVICE_MIXED] = {"SOCKS5 and HTTP proxy", mixed_session_start},
	[SERVICE_FORWARD] = {"port forward", forward_start},
	[SERVICE_PUBLISH] = {"published port", NULL},
};

const char *service_kind_name(enum service_kind kind)
{
	return kinds[kind].name;
}

/* --- one service --- */

static void on_accept(void *ctx, struct io_sock *sock)
{
	struct service *v = ctx;

	conn_group_admit(&v->group);
	kinds[v->config.kind].start(&v->group, sock);
}

static void on_leave(void *ctx)
{
	const struct service *v = ctx;
	const struct service_env *env = &v->owner->env;

	if (list_linked(&v->link) && v->group.open == 0)
		io_timer_set(v->owner->reaper, io_loop_now(env->loop));
	env->on_leave(env->ctx);
}

static struct service *service_new(struct services *s, const struct service_config *config)
{
	struct service *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	list_init(&v->link);
	v->owner = s;
	v->config = *config;
	v->wanted = true;
	conn_group_init(&v->group, s->env.loop, config->max_connections);
	v->group.idle_ms = config->idle_timeout_ms;
	v->group.dial = s->env.dial;
	v->group.patience = s->env.patience;
	v->group.guesses = s->env.guesses;
	v->group.config = &v->config;
	v->group.on_leave = on_leave;
	v->group.ctx = v;
	return v;
}

static bool is_open(const struct service *v)
{
	return v->listener || v->publish;
}

static void stop_listening(struct service *v)
{
	if (v->listener)
		io_listener_free(v->listener);
	v->listener = NULL;
}

/* Ends its connections, too. */
static void service_free(struct service *v)
{
	stop_listening(v);
	conn_group_kill(&v->group);
	publish_free(v->publish);
	list_remove(&v->link);
	crypto_wipe(&v->config, sizeof(v->config));
	free(v);
}

static const char *listen_advice(const struct io_address *at, int err)
{
	switch (err) {
	case ERR_INUSE:
		return at->path[0] ? "; another program has it, or it is another kind of file: stop that one, "
				     "remove it or change BindAddress" :
				     "; another program has it: stop that one or change BindAddress";
	case ERR_PERM:
		return "; ports below 1024 and foreign folders need rights that culvert does "
		       "without: change BindAddress";
	case ERR_INVAL:
		return at->path[0] ? "; change BindAddress" :
				     "; this machine does not have that address: change BindAddress";
	case ERR_NOTFOUND:
		return "; the folder does not exist: make it or change BindAddress";
	default:
		return "";
	}
}

static int service_open(struct service *v, struct fault *fault)
{
	const struct service_env *env = &v->owner->env;
	const struct io_address *bind = &v->config.bind;
	char at[IO_ADDRESS_TEXT_MAX];
	int err;

	if (!service_is_local(&v->config)) {
		err = publish_new(&v->group, env->tunnel, env->hostdns, &v->publish);
		if (!err)
			return 0;
		fault_set(fault, err, "cannot listen on port %u inside the tunnel: %s", v->config.listen_port,
			  err_text(err));
		fault->cannot_bind = err == ERR_EXISTS;
		return err;
	}
	err = io_listen(env->loop, bind, on_accept, v, &v->listener);
	if (!err)
		return 0;
	v->listener = NULL;
	fault_set(fault, err, "cannot listen on %s: %s%s", io_address_format(bind, at), err_text(err),
		  listen_advice(bind, err));
	fault->cannot_bind = true;
	return err;
}

static bool same_auth(const struct service_config *a, const struct service_config *b)
{
	return a->has_auth == b->has_auth &&
	       (!a->has_auth || (strcmp(a->auth.username, b->auth.username) == 0 &&
				 strcmp(a->auth.password, b->auth.password) == 0));
}

/* Settings change under the connections that stay. */
static void service_update(struct service *v, const struct service_config *want)
{
	struct proxy_auth before = v->config.auth;

	if (v->config.kind != want->kind || !same_auth(&v->config, want))
		conn_group_kill_strangers(&v->group);
	v->config = *want;
	/* Clients that had to show a password go on with the one they know. */
	if (!want->has_auth)
		v->config.auth = before;
	crypto_wipe(&before, sizeof(before));
	v->group.max = want->max_connections;
	v->group.idle_ms = want->idle_timeout_ms;
}

/* Takes its end with the last connection. */
static void service_retire(struct service *v)
{
	struct services *s = v->owner;

	stop_listening(v);
	if (v->publish)
		publish_stop(v->publish);
	list_push_back(&s->gone, &v->link);
	conn_group_drain(&v->group);
	if (v->group.open == 0)
		io_timer_set(s->reaper, io_loop_now(s->env.loop));
}

/* --- all of them --- */

static void reap(void *ctx)
{
	struct services *s = ctx;
	struct list *next;

	for (struct list *n = s->gone.next; n != &s->gone; n = next) {
		struct service *v = LIST_ENTRY(n, struct service, link);

		next = n->next;
		if (v->group.open == 0)
			service_free(v);
	}
}

struct services *services_new(const struct service_env *env)
{
	struct services *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->env = *env;
	list_init(&s->gone);
	s->reaper = io_timer_new(env->loop, reap, s);
	if (s->reaper)
		return s;
	free(s);
	return NULL;
}

static void free_all(struct services *s)
{
	while (s->count > 0)
		service_free(s->now[--s->count]);
	while (!list_empty(&s->gone))
		service_free(LIST_ENTRY(s->gone.next, struct service, link));
	free(s->now);
	s->now = NULL;
}

void services_free(struct services *s)
{
	if (!s)
		return;
	free_all(s);
	io_timer_free(s->reaper);
	free(s);
}

static bool same_place(const struct service_config *a, const struct service_config *b)
{
	if (service_is_local(a) != service_is_local(b))
		return false;
	if (!service_is_local(a))
		return a->listen_port == b->listen_port;
	if (a->bind.path[0] || b->bind.path[0])
		return strcmp(a->bind.path, b->bind.path) == 0;
	return endpoint_equal(&a->bind.endpoint, &b->bind.endpoint);
}

/* The service that has the place of `want`, unless another element of the list took it; or a new, closed one. */
static struct service *find_or_make(struct services *s, const struct service_config *want)
{
	for (size_t i = 0; i < s->count; i++) {
		if (!s->now[i]->wanted && same_place(&s->now[i]->config, want)) {
			s->now[i]->wanted = true;
			return s->now[i];
		}
	}
	return service_new(s, want);
}

/* One that could not open is closed and listed all the same. */
static bool is_listed(const struct services *s, const struct service *service)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->now[i] == service)
			return true;
	}
	return false;
}

/* The services of `want`, nothing touched or opened yet. NULL: out of memory. */
static struct service **match(struct services *s, const struct service_config *want, size_t count)
{
	/* One element more than needed: calloc(0) may return NULL. */
	struct service **next = calloc(count + 1, sizeof(struct service *));
	size_t found = 0;

	for (size_t i = 0; i < s->count; i++)
		s->now[i]->wanted = false;
	while (next && found < count && (next[found] = find_or_make(s, &want[found])))
		found++;
	if (next && found == count)
		return next;
	for (size_t i = 0; i < found; i++) {
		if (!is_listed(s, next[i]))
			service_free(next[i]);
	}
	free(next);
	return NULL;
}

int services_apply(struct services *s, const struct service_config *want, size_t count, struct fault *fault)
{
	struct service **next = match(s, want, count);
	bool start = !s->now;
	struct fault ignored;
	int err = 0;

	if (!next)
		return fault_set(fault, ERR_NOMEM, "cannot change what listens: %s", err_text(ERR_NOMEM));
	for (size_t i = 0; i < s->count; i++) {
		if (!s->now[i]->wanted)
			service_retire(s->now[i]);
	}
	free(s->now);
	s->now = next;
	s->count = count;
	for (size_t i = 0; i < count && !(start && err); i++) {
		int failed;

		service_update(next[i], &want[i]);
		failed = is_open(next[i]) ? 0 : service_open(next[i], err ? &ignored : fault);
		err = err ? err : failed;
	}
	if (start && err)
		free_all(s);
	return err;
}

void services_drain(struct services *s)
{
	for (size_t i = 0; i < s->count; i++) {
		stop_listening(s->now[i]);
		conn_group_drain(&s->now[i]->group);
	}
}

unsigned services_open(const struct services *s)
{
	unsigned open = services_left(s);

	for (size_t i = 0; i < s->count; i++)
		open += s->now[i]->group.open;
	return open;
}

void services_address(const struct services *s, size_t index, struct io_address *out)
{
	io_listener_address(s->now[index]->listener, out);
}

bool services_info(const struct services *s, size_t index, struct service_info *out)
{
	const struct service *v;

	if (index >= s->count)
		return false;
	v = s->now[index];
	*out = (struct service_info){
		.config = &v->config,
		.open = is_open(v),
		.at = v->config.bind,
		.counters = {v->group.open, v->group.placed, v->group.max, v->group.displaced},
	};
	if (v->listener)
		io_listener_address(v->listener, &out->at);
	return true;
}

unsigned services_left(const struct services *s)
{
	unsigned left = 0;

	for (struct list *n = s->gone.next; n != &s->gone; n = n->next)
		left += LIST_ENTRY(n, struct service, link)->group.open;
	return left;
}
