/*
 * Why a request towards a destination ended as it did. Every front end, log and metric speaks of
 * these and of nothing else; the mapping to SOCKS replies and HTTP statuses lives in proxy/.
 */
#ifndef CULVERT_BASE_CAUSE_H
#define CULVERT_BASE_CAUSE_H

enum cause {
	CAUSE_OK = 0,
	CAUSE_DENIED,		/* own, loopback, multicast or unspecified target; policy */
	CAUSE_PROHIBITED,	/* ICMP administratively prohibited */
	CAUSE_NO_ROUTE,		/* no peer allows the address */
	CAUSE_NO_FAMILY,	/* no own address of the target's family */
	CAUSE_UNREACHABLE,	/* network or host unreachable by ICMP */
	CAUSE_NAME_NOT_FOUND,	/* the name does not exist or has no address */
	CAUSE_NAME_FAILED,	/* every name server refused, or gave no usable answer */
	CAUSE_NAME_NO_ANSWER,	/* no name server answered in time */
	CAUSE_REFUSED,		/* RST, or ICMP port unreachable */
	CAUSE_TIME_EXCEEDED,	/* ICMP time exceeded */
	CAUSE_NO_ANSWER,	/* the target did not answer in time */
	CAUSE_TUNNEL_DOWN,	/* no session in time with the peer that owns the address */
	CAUSE_EXHAUSTED,	/* out of descriptors or memory */
	CAUSE_LIMIT,		/* all places are taken: MaxConnections, or the stack is full */
	CAUSE_RESET,		/* an established connection was reset by the far side */
	CAUSE_COMMAND,		/* command not supported */
	CAUSE_ADDRESS_TYPE,	/* address type not supported */
	CAUSE_COUNT
};

/* A short text for people, for example "connection refused". Static storage. */
const char *cause_text(enum cause cause);

/* A stable snake_case name for logs and metrics, for example "no_route". Static storage. */
const char *cause_name(enum cause cause);

#endif
