/*
 * Theory of operation
 *
 *	this process      keys, a page fetched twice, what to try next
 *	  |- far node     10.98.0.1: port 80 of the tunnel leads to the page
 *	  `- near node    10.98.0.2: SOCKS5 and HTTP proxy on a free port of 127.0.0.1
 *
 * The near node is told by a configuration file, as a user's would be; a second file is for
 * whoever tries `culvert run` (10.98.0.3: two processes cannot be one node). Both are in a private
 * folder that is removed at the end.
 *
 * The TCP/IP stack exists once in a process, so each node is a child, which dies with this
 * process. A child reports through a pipe: its proxy's port when it is open, then the milliseconds
 * until the tunnel was up; the pipe's end means that the child is gone. Everything stays on
 * loopback. Signals wait until what they would leave behind is gone.
 */
#include "app/cmd_demo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/demofiles.h"
#include "app/fetch.h"
#include "app/host.h"
#include "app/load.h"
#include "app/page.h"
#include "app/process.h"
#include "app/runner.h"
#include "conf/array.h"
#include "conf/config.h"
#include "crypto/system.h"

#define FAR_ADDRESS "10.98.0.1"
#define NEAR_ADDRESS "10.98.0.2"
#define RUN_ADDRESS "10.98.0.3"
#define REPORT_LIMIT_MS 30000	/* far beyond any handshake on loopback */

enum demo_index {
	DEMO_FAR,
	DEMO_NEAR,
	DEMO_RUN,	/* a node that the user may start */
	DEMO_NODES,
};

#define DEMO_CHILDREN 2	/* DEMO_FAR, DEMO_NEAR */

static const char *const addresses[DEMO_NODES] = {FAR_ADDRESS, NEAR_ADDRESS, RUN_ADDRESS};
static const char *const file_names[] = {"near", "run"};

/* Exactly one write and one read in the pipe. */
struct report {
	uint32_t proxy_port;	/* 0: none */
	uint32_t tunnel_ms;
	bool up;
};

struct demo_child {
	pid_t pid;
	int reports;	/* read end */
};

/* A child's own state. */
struct demo_node {
	struct runner runner;
	struct report report;
	int reports;	/* write end */
};

struct demo {
	struct key_private keys[DEMO_NODES];
	struct key_public public_keys[DEMO_NODES];
	uint16_t far_port;		/* UDP */
	struct demo_child children[DEMO_CHILDREN];
	struct demofiles files;
	char near_path[DEMOFILES_PATH_MAX + 32], run_path[DEMOFILES_PATH_MAX + 32];
	char near_text[DEMOFILES_TEXT_MAX];
};

/* --- configurations -------------------------------------------------------------------------- */

static struct prefix host_prefix(const char *text)
{
	struct prefix p = {.bits = 0};

	if (prefix_parse(&p, text, strlen(text)) < 0)
		abort();
	return p;
}

static bool add_peer(struct node_config *c, const struct demo *d, enum demo_index index)
{
	struct peer_config *peers = array_grow(c->peers, c->peer_count, sizeof(*peers));
	struct peer_config *peer;

	if (!peers)
		return false;
	c->peers = peers;
	peer = &peers[c->peer_count++];
	peer->public_key = d->public_keys[index];
	peer->allowed_ips = array_grow(NULL, 0, sizeof(*peer->allowed_ips));
	if (!peer->allowed_ips)
		return false;
	peer->allowed_ips[peer->allowed_ip_count++] = host_prefix(addresses[index]);
	return true;
}

static bool configure_far(struct node_config *c, const struct demo *d, uint16_t page_port)
{
	node_config_init(c);
	c->tunnel.private_key = crypto_secret_alloc(sizeof(*c->tunnel.private_key));
	c->tunnel.addresses = array_grow(NULL, 0, sizeof(*c->tunnel.addresses));
	c->services = array_grow(NULL, 0, sizeof(*c->services));
	if (!c->tunnel.private_key || !c->tunnel.addresses || !c->services || !add_peer(c, d, DEMO_NEAR) ||
	    !add_peer(c, d, DEMO_RUN))
		return false;
	*c->tunnel.private_key = d->keys[DEMO_FAR];
	c->tunnel.addresses[c->tunnel.address_count++] = host_prefix(FAR_ADDRESS);
	c->tunnel.listen_port = d->far_port;
	c->services[c->service_count++] = (struct service_config){
		.kind = SERVICE_PUBLISH,
		.listen_port = 80,
		.target = {.addr = host_prefix("127.0.0.1").addr, .port = page_port},
		.max_connections = SERVICE_MAX_CONNECTIONS_DEFAULT,
	};
	return true;
}

/* Variables are the user's, for nodes of his. */
static const char *no_env(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static bool configure_near(struct node_config *c, const struct demo *d)
{
	const struct config_host host = {no_env, host_system()->read_file, NULL};
	const struct config_request request = {.host = &host, .path = d->near_path};
	struct config_facts facts;
	struct problems problems;
	int err;

	problems_init(&problems);
	err = config_load(c, &request, &facts, &problems);
	for (size_t i = 0; i < problems.count; i++)
		log_error("%s", problems.items[i].text);
	problems_fini(&problems);
	return err == 0;
}

/* --- children -------------------------------------------------------------------------------- */

static void send_report(const struct demo_node *n)
{
	if (write(n->reports, &n->report, sizeof(n->report)) < 0)
		log_debug("nobody reads the demo's reports");
}

static void tunnel_up(void *ctx)
{
	struct demo_node *n = ctx;

	n->report.up = true;
	n->report.tunnel_ms = (uint32_t)runner_age_ms(&n->runner);
	send_report(n);
}

/* Runs until killed; the runner has its loop. */
static int run_node(const struct node_config *config, struct demo_node *n)
{
	const struct node_callbacks callbacks = {.tunnel_up = tunnel_up, .ctx = n};
	int code = runner_open(&n->runner, config, &callbacks);

	if (code)
		return code;
	if (config->service_count && service_is_local(&config->services[0])) {
		struct io_address at;

		node_listener_address(n->runner.node, 0, &at);
		n->report.proxy_port = at.endpoint.port;
	}
	process_drop_new_privileges();
	runner_log_listeners(&n->runner);
	send_report(n);
	return io_loop_run(n->runner.loop) < 0 ? EXIT_RUNTIME : EXIT_OK;
}

static int run_far(const struct demo *d, struct demo_node *n)
{
	struct node_config config;
	uint16_t port = 0;
	struct page *page = page_new(n->runner.loop, &port);
	int code = EXIT_RUNTIME;

	node_config_init(&config);
	if (page && configure_far(&config, d, port))
		code = run_node(&config, n);
	/* What is open in the loop goes before the loop. */
	if (page)
		page_free(page);
	runner_close(&n->runner);
	node_config_fini(&config);
	return code;
}

static int run_near(const struct demo *d, struct demo_node *n)
{
	struct node_config config;
	int code = EXIT_RUNTIME;

	if (configure_near(&config, d))
		code = run_node(&config, n);
	runner_close(&n->runner);
	node_config_fini(&config);
	return code;
}

static CULVERT_NORETURN void child_main(const struct demo *d, pid_t parent, int reports,
					int (*run)(const struct demo *d, struct demo_node *n))
{
	struct demo_node n = {.reports = reports};
	int code;

	process_die_with(parent, SIGKILL);
	/* The parent ends its children itself, after a Ctrl-C too. */
	signal(SIGINT, SIG_IGN);
	code = runner_make_loop(&n.runner);
	if (!code)
		code = run(d, &n);
	_exit(code);
}

static bool start_child(struct demo *d, unsigned index,
			int (*run)(const struct demo *d, struct demo_node *n))
{
	pid_t parent = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	fflush(stdout);
	d->children[index].pid = fork();
	if (d->children[index].pid == 0) {
		close(fds[0]);
		child_main(d, parent, fds[1], run);
	}
	close(fds[1]);
	d->children[index].reports = fds[0];
	return d->children[index].pid > 0;
}

static void stop_children(struct demo *d)
{
	for (unsigned i = 0; i < DEMO_CHILDREN; i++) {
		struct demo_child *child = &d->children[i];

		if (child->pid > 0) {
			kill(child->pid, SIGKILL);
			waitpid(child->pid, NULL, 0);
		}
		if (child->reports >= 0)
			close(child->reports);
		*child = (struct demo_child){-1, -1};
	}
}

/* The child's next report; false when it has ended or keeps silent. */
static bool wait_report(const struct demo_child *child, struct report *report)
{
	struct pollfd wait = {.fd = child->reports, .events = POLLIN};
	int n;

	do {
		n = poll(&wait, 1, REPORT_LIMIT_MS);
	} while (n < 0 && errno == EINTR);
	return n == 1 && read(child->reports, report, sizeof(*report)) == (ssize_t)sizeof(*report);
}

/* --- the parent ------------------------------------------------------------------------------ */

/* A free UDP port; somebody else could take it before the far node does, which then says so. */
static uint16_t free_udp_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint16_t port = 0;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&at, &len) == 0)
		port = ntohs(at.sin_port);
	if (fd >= 0)
		close(fd);
	return port;
}

static bool make_keys(struct demo *d)
{
	struct rng rng = crypto_system_rng();

	for (unsigned i = 0; i < DEMO_NODES; i++) {
		key_private_generate(&d->keys[i], &rng);
		if (key_public_from_private(&d->public_keys[i], &d->keys[i]) < 0)
			return false;
	}
	return true;
}

static bool write_files(struct demo *d)
{
	struct demofiles_node node = {
		.name = file_names[0],
		.address = NEAR_ADDRESS,
		.key = &d->keys[DEMO_NEAR],
		.peer = &d->public_keys[DEMO_FAR],
		.peer_address = FAR_ADDRESS,
		.peer_port = d->far_port,
	};
	char unused[DEMOFILES_TEXT_MAX];

	if (demofiles_open(&d->files) && demofiles_write(&d->files, &node, d->near_path,
							 d->near_text)) {
		node.name = file_names[1];
		node.address = RUN_ADDRESS;
		node.key = &d->keys[DEMO_RUN];
		if (demofiles_write(&d->files, &node, d->run_path, unused))
			return true;
	}
	log_error("cannot write the demo's files below %s: %s (TMPDIR names another folder)",
		  d->files.folder[0] ? d->files.folder : "/tmp", strerror(errno));
	return false;
}

/* Starts both nodes and waits until a session has answered. */
static bool start_mesh(struct demo *d, struct report *near)
{
	struct report far;

	d->far_port = free_udp_port();
	if (!make_keys(d) || !d->far_port || !write_files(d) ||
	    !start_child(d, DEMO_FAR, run_far) || !wait_report(&d->children[DEMO_FAR], &far) ||
	    !start_child(d, DEMO_NEAR, run_near))
		return false;
	do {
		if (!wait_report(&d->children[DEMO_NEAR], near))
			return false;
	} while (!near->up);
	return true;
}

static bool show_fetch(enum fetch_through through, const char *name, uint16_t port)
{
	struct fetch_result result;

	if (fetch_page(through, port, FAR_ADDRESS, page_phrase, &result) < 0) {
		printf("  http://%s/ through %-6s  failed: %s\n", FAR_ADDRESS, name, result.reason);
		return false;
	}
	printf("  http://%s/ through %-6s  200, %zu bytes, %.2f ms\n", FAR_ADDRESS, name,
	       result.bytes, result.ms);
	return true;
}

/* The file of the second node; its key stands in another one. */
static void show_file(const struct demo *d)
{
	struct txt rest = txt_str(d->near_text), line;

	printf("\nThe second node was told by %s:\n", d->near_path);
	while (txt_until(&rest, '\n', &line))
		printf("  %.*s\n", (int)line.left, line.p);
}

static void show_commands(const struct demo *d, uint16_t port)
{
	char self[DEMOFILES_PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[len > 0 ? len : 0] = '\0';
	printf("\nTry, from another terminal:\n"
	       "  curl --proxy socks5h://127.0.0.1:%u http://%s/\n"
	       "  curl --proxy http://127.0.0.1:%u http://%s/\n"
	       "  %s run -c %s -- curl http://%s/\n"
	       "  a browser with 127.0.0.1:%u as its SOCKS5 or HTTP proxy\n"
	       "\nCtrl-C ends the demo and removes its files.\n", port, FAR_ADDRESS, port,
	       FAR_ADDRESS, len > 0 ? self : "culvert", d->run_path, FAR_ADDRESS, port);
	fflush(stdout);
}

/* Until a signal asks for the end, or a node has gone. */
static int wait_for_end(struct demo *d, const sigset_t *ends)
{
	int signo = 0;

	while (sigwait(ends, &signo) == 0 && signo == SIGCHLD) {
		for (unsigned i = 0; i < DEMO_CHILDREN; i++) {
			if (waitpid(d->children[i].pid, NULL, WNOHANG) != d->children[i].pid)
				continue;
			d->children[i].pid = -1;
			log_error("a node of the demo has ended");
			return EXIT_RUNTIME;
		}
	}
	return EXIT_OK;
}

static int show(struct demo *d, bool stay, const sigset_t *ends)
{
	struct report near = {.up = false};
	bool good;

	printf("Two WireGuard nodes on loopback: %s serves a page, %s has the proxy.\n",
	       FAR_ADDRESS, NEAR_ADDRESS);
	if (!start_mesh(d, &near)) {
		log_error("the demo's nodes did not connect");
		return EXIT_RUNTIME;
	}
	printf("  tunnel up                      %u ms after the start of the second node\n",
	       near.tunnel_ms);
	good = show_fetch(FETCH_SOCKS5, "SOCKS5", (uint16_t)near.proxy_port);
	good = show_fetch(FETCH_HTTP, "HTTP", (uint16_t)near.proxy_port) && good;
	show_file(d);
	if (!good || !stay)
		return good ? EXIT_OK : EXIT_RUNTIME;
	show_commands(d, (uint16_t)near.proxy_port);
	return wait_for_end(d, ends);
}

int cmd_demo(const struct options *o)
{
	struct demo d = {.children = {{-1, -1}, {-1, -1}}};
	bool stay = !o->once && isatty(STDIN_FILENO);
	sigset_t ends, before;
	int code;

	load_init_log(o, LOG_WARN);
	process_prepare(NULL);
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ends, &before);
	code = show(&d, stay, &ends);
	stop_children(&d);
	demofiles_close(&d.files, file_names, ARRAY_LEN(file_names));
	crypto_wipe(d.keys, sizeof(d.keys));
	fflush(stdout);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}
