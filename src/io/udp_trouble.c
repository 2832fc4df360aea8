/*
 * Theory of operation
 *
 * With IP_RECVERR the kernel keeps the ICMP errors about a socket in a queue of its own, each with
 * the destination of the datagram that it quotes, and has the next call on the socket fail, whatever
 * that call was about. So senders and receivers repeat a call that failed and note that an error
 * waits; the queue is read apart from that, in pieces. An error can be forged by whoever knows
 * both endpoints: nothing here decides where or whether anything is sent, it only explains silence.
 */
#include "io/udp_trouble.h"

#include <errno.h>
#include <time.h>	/* linux/errqueue.h does not include it */
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdalign.h>
#include <string.h>

#include "io/sys.h"

void udp_trouble_watch(int fd, enum addr_family family)
{
	if (family == ADDR_V6)
		(void)sys_set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
	else
		(void)sys_set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
}

static bool is_local(enum io_udp_trouble kind)
{
	return kind == IO_UDP_NO_FAMILY || kind == IO_UDP_NO_ROUTE || kind == IO_UDP_FORBIDDEN;
}

static void note(struct udp_trouble *t, struct boot_time now, const struct endpoint *dst,
		 enum io_udp_trouble kind)
{
	struct udp_trouble_entry *entry = NULL;

	for (unsigned i = 0; i < t->count && !entry; i++) {
		if (endpoint_equal(&t->entries[i].dst, dst))
			entry = &t->entries[i];
	}
	if (!entry && t->count < UDP_TROUBLE_MAX)
		entry = &t->entries[t->count++];
	if (!entry) {
		entry = &t->entries[0];
		for (unsigned i = 1; i < t->count; i++) {
			if (t->entries[i].at.ns < entry->at.ns)
				entry = &t->entries[i];
		}
	}
	*entry = (struct udp_trouble_entry){*dst, now, kind};
}

void udp_trouble_refused(struct udp_trouble *t, struct boot_time now, const struct endpoint *dst,
			 int errnum)
{
	switch (errnum) {
	case EAFNOSUPPORT:
	case EADDRNOTAVAIL:
		note(t, now, dst, IO_UDP_NO_FAMILY);
		break;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
		note(t, now, dst, IO_UDP_NO_ROUTE);
		break;
	case EPERM:
	case EACCES:
		note(t, now, dst, IO_UDP_FORBIDDEN);
		break;
	default:
		break;
	}
}

void udp_trouble_sent(struct udp_trouble *t, const struct endpoint *dst)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (!is_local(t->entries[i].kind) || !endpoint_equal(&t->entries[i].dst, dst))
			continue;
		t->entries[i] = t->entries[--t->count];
		return;
	}
}

/* RFC 792 and RFC 1812 section 5.2.7.1. */
static enum io_udp_trouble of_icmp4(unsigned type, unsigned code)
{
	if (type != ICMP_DEST_UNREACH)
		return type == ICMP_TIME_EXCEEDED ? IO_UDP_UNREACHABLE : IO_UDP_FINE;
	switch (code) {
	case ICMP_PORT_UNREACH:
	case ICMP_PROT_UNREACH:
		return IO_UDP_REFUSED;
	case ICMP_FRAG_NEEDED:
		return IO_UDP_FINE;
	case ICMP_NET_ANO:
	case ICMP_HOST_ANO:
	case ICMP_PKT_FILTERED:
		return IO_UDP_PROHIBITED;
	default:
		return IO_UDP_UNREACHABLE;
	}
}

/* RFC 4443 sections 3.1 and 3.3. */
static enum io_udp_trouble of_icmp6(unsigned type, unsigned code)
{
	if (type != ICMP6_DST_UNREACH)
		return type == ICMP6_TIME_EXCEEDED ? IO_UDP_UNREACHABLE : IO_UDP_FINE;
	switch (code) {
	case ICMP6_DST_UNREACH_NOPORT:
		return IO_UDP_REFUSED;
	case ICMP6_DST_UNREACH_ADMIN:
	case 5:	/* source address failed ingress policy */
	case 6:	/* reject route */
		return IO_UDP_PROHIBITED;
	default:
		return IO_UDP_UNREACHABLE;
	}
}

static enum io_udp_trouble of_error(const struct sock_extended_err *e)
{
	switch (e->ee_origin) {
	case SO_EE_ORIGIN_ICMP:
		return of_icmp4(e->ee_type, e->ee_code);
	case SO_EE_ORIGIN_ICMP6:
		return of_icmp6(e->ee_type, e->ee_code);
	default:
		return IO_UDP_FINE;
	}
}

static enum io_udp_trouble of_message(struct msghdr *msg)
{
	struct sock_extended_err e;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
		bool v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;

		if ((!v4 && !v6) || c->cmsg_len < CMSG_LEN(sizeof(e)))
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		return of_error(&e);
	}
	return IO_UDP_FINE;
}

void udp_trouble_read(struct udp_trouble *t, struct boot_time now, int fd)
{
	alignas(size_t) uint8_t control[CMSG_SPACE(sizeof(struct sock_extended_err) +
						   sizeof(struct sockaddr_in6))];
	enum io_udp_trouble kind;
	struct endpoint dst;

	for (unsigned i = 0; i < UDP_TROUBLE_BATCH; i++) {
		union sys_sockaddr addr = {.any.sa_family = AF_UNSPEC};
		struct msghdr msg = {
			.msg_name = &addr,
			.msg_namelen = sizeof(addr),
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};

		/* The quoted bytes are not asked for. */
		if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return;
		t->counters->icmp_errors++;
		kind = of_message(&msg);
		sys_sockaddr_get(&addr, &dst);
		if (kind != IO_UDP_FINE && dst.addr.family != ADDR_NONE)
			note(t, now, &dst, kind);
	}
	t->waiting = true;	/* there may be more */
}

enum io_udp_trouble udp_trouble_find(const struct udp_trouble *t, struct boot_time now,
				     const struct endpoint *dst, struct boot_time since)
{
	for (unsigned i = 0; i < t->count; i++) {
		const struct udp_trouble_entry *e = &t->entries[i];

		if (endpoint_equal(&e->dst, dst))
			return e->at.ns >= since.ns &&
			       boot_since_ms(now, e->at) <= UDP_TROUBLE_AGE_MS ? e->kind : IO_UDP_FINE;
	}
	return IO_UDP_FINE;
}
