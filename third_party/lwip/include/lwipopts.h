/*
 * lwIP's options for culvert; each number with its reason. What is not named here has lwIP's
 * default. Names marked (patch) come from our series, see docs/lwip.md.
 */
#ifndef CULVERT_LWIPOPTS_H
#define CULVERT_LWIPOPTS_H

/* --- system: one thread, no operating system layer, the timers driven by net_stack_tick --------- */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1
#define LWIP_STATS 0		/* net/ counts drops by reason; nothing reads lwIP's counters */
#define LWIP_HOOK_FILENAME "lwiphooks.h"
#define LWIP_HOOK_TCP_ISN net_lwip_isn
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p) \
	net_lwip_tcp_inpacket(pcb, hdr, optlen, p)
/* (patch) A connection that contradicts itself is ended and counted. */
#define LWIP_HOOK_TCP_BROKEN(pcb, check) net_lwip_tcp_broken(pcb, check)
/* (patch) Fragments are joined, and their room is shared, by the peer that sent them. */
#define LWIP_HOOK_FRAGMENT_SENDER() net_lwip_sender()

/*
 * LWIP_NOASSERT stays undefined: the assertions cost 10 to 20 ns of a sent packet's 100 to 170
 * (docs/lwip.md), 0.01 CPU-s/GB, and a stack whose shared lists are broken must stop rather than go
 * on with an outsider's packets.
 */

/* --- memory: no static pools, everything from net/'s size classes ------------------------------- */
#define MEM_CUSTOM_ALLOCATOR 1
#define MEM_CUSTOM_MALLOC net_mem_malloc
#define MEM_CUSTOM_CALLOC net_mem_calloc
#define MEM_CUSTOM_FREE net_mem_free
#define MEMP_MEM_MALLOC 1	/* 10,000 connections at most times are 10 */
#define MEM_ALIGNMENT 8		/* the widest member of any lwIP struct */
#define LWIP_SUPPORT_CUSTOM_PBUF 1	/* a received packet's buffer becomes the pbuf */
#define LWIP_NETIF_TX_SINGLE_PBUF 0	/* net_out_copy gathers: chains cost nothing */

/* --- what there is no link layer for ------------------------------------------------------------ */
#define LWIP_ARP 0
#define LWIP_ETHERNET 0
#define LWIP_DHCP 0
#define LWIP_AUTOIP 0
#define LWIP_ACD 0
#define LWIP_IGMP 0
#define LWIP_DNS 0		/* dns/ resolves */
#define LWIP_RAW 0
#define LWIP_NETIF_LOOPBACK 0	/* own addresses are refused as targets */
#define LWIP_HAVE_LOOPIF 0

/* --- IP ------------------------------------------------------------------------------------------ */
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define IP_FORWARD 0		/* an end host; routing is node/'s business */
#define IP_REASSEMBLY 1
#define LWIP_IPV6_REASS 1
#define IP_REASS_MAX_PBUFS 64	/* fragments held per family: one datagram of 64 kB, 100 kB in all */
#define IP_REASS_MAXAGE 15	/* s; RFC 1122 3.3.2 allows less than 60, and slots are few */
#define IPV6_REASS_MAXAGE 15
#define IP_FRAG 1		/* UDP replies may exceed the MTU; TCP never does */
#define LWIP_IPV6_FRAG 1
#define IPV6_FRAG_COPYHEADER 1	/* pointers do not fit the fragment header on 64 bits */
#define IP_DEFAULT_TTL 64	/* RFC 1340's recommendation, as every host */
#define LWIP_ICMP 1
#define LWIP_ICMP6 1
#define LWIP_BROADCAST_PING 0
#define LWIP_MULTICAST_PING 0

/* IPv6 without a link: addresses are given, nothing is discovered. */
#define LWIP_IPV6_NUM_ADDRESSES 16	/* NET_ADDRESSES_MAX */
#define LWIP_IPV6_SCOPES 0		/* no link-local addresses */
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define LWIP_IPV6_AUTOCONFIG 0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 0
#define LWIP_IPV6_ADDRESS_LIFETIMES 0
#define LWIP_IPV6_MLD 0
#define LWIP_IPV6_FORWARD 0
#define LWIP_ND6_QUEUEING 0
#define LWIP_ND6_INPUT 0		/* (patch) neighbour discovery messages are dropped */
#define LWIP_ND6_ALLOW_RA_UPDATES 0
#define LWIP_ND6_TCP_REACHABILITY_HINTS 0
#define LWIP_ND6_NUM_NEIGHBORS 1	/* tables that nothing fills: the smallest that compile */
#define LWIP_ND6_NUM_DESTINATIONS 1
#define LWIP_ND6_NUM_PREFIXES 1
#define LWIP_ND6_NUM_ROUTERS 1

/*
 * --- checksums: per netif ------------------------------------------------------------------------
 * net_stack_input checks IP, TCP, UDP and ICMP checksums before lwIP sees a packet, and net_out_copy
 * fills in those of IP and TCP while it copies; net/ switches lwIP's own off on its netifs. What
 * stays with lwIP is what net/ cannot do on whole packets: generating those of UDP and ICMP, whose datagrams may
 * be fragmented, and checking what arrives in fragments.
 */
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_CHECKSUM_ON_COPY 0

/* --- UDP ----------------------------------------------------------------------------------------- */
#define LWIP_UDP 1
#define LWIP_UDPLITE 0

/* --- TCP ----------------------------------------------------------------------------------------- */
#define LWIP_TCP 1
#define LWIP_CALLBACK_API 1
#define TCP_MSS 8960		/* the largest MTU, 9000, less 40; the netif's MTU makes it less */
#define TCP_CALCULATE_EFF_SEND_MSS 1
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 10		/* 65535 << 9 is 512 bytes short of TCP_WND; steps of 1 kB */
/* Ceilings of one connection: the bandwidth-delay product of 2.7 Gbit/s at 100 ms. */
#define TCP_WND (32 * 1024 * 1024)
#define TCP_SND_BUF (32 * 1024 * 1024)
/* (patch) What a connection starts with; tcp_set_rcv_wnd_max and _snd_buf_max move it. */
#define TCP_WND_START (256 * 1024)
#define TCP_SND_BUF_START (256 * 1024)
/* pbufs of one connection: 32 MiB in segments of 536 bytes, 12 of them options, two pbufs each. */
#ifndef TCP_SND_QUEUELEN	/* the stock tree of `make lwip-bench` cannot count so far */
#define TCP_SND_QUEUELEN 131072
#endif
#define TCP_SNDLOWAT 0		/* sockets only */
#define TCP_SNDQUEUELOWAT 0
#define TCP_OVERSIZE 0		/* net/ writes by reference: room for later copies is never used */
#define TCP_QUEUE_OOSEQ 1
#define TCP_OOSEQ_SEGS_MAX 32768	/* (patch) late segments of one connection: 32 MiB of 1 kB... */
#define TCP_OOSEQ_SEGS_LEAST 1024	/* ...and with a window below 1 MiB: 256 kB of 256 bytes */
/* (patch) Steps along those for each segment with data: 20 us, where each is two misses of the cache. */
#define TCP_OOSEQ_STEPS 256
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_MAX_SACK_NUM 3	/* what fits beside the timestamp option */
#define LWIP_TCP_TIMESTAMPS 1	/* windows above 64 kB, safe reuse of TIME_WAIT */
#define TCP_LISTEN_BACKLOG 0	/* net/ limits attempts before lwIP sees the SYN */
#define LWIP_TCP_KEEPALIVE 1
#define TCP_KEEPIDLE_DEFAULT 30000UL	/* a silent remote is found in 30 + 5 * 5 = 55 s */
#define TCP_KEEPINTVL_DEFAULT 5000UL
#define TCP_KEEPCNT_DEFAULT 5U
/*
 * Ticks of 50 ms (delayed ACK) and 100 ms (handshakes, closed windows, closing): kernels delay an
 * ACK by 40 ms, lwIP by up to 250. Affordable because only connections with armed work are visited
 * and an idle stack does not tick.
 */
#define TCP_TMR_INTERVAL 50
#define LWIP_TCP_RTO_TIME 1000	/* first RTO, RFC 6298 2.1; lwIP's default is the older 3 s */
#define LWIP_TCP_SYN_BACKOFF 1	/* (patch) SYN after 1, 2, 4, ... s instead of every second */
#define TCP_SYNMAXRTX 6		/* 127 s: longer than any ConnectTimeout, which ends it */
#define LWIP_TCP_STRICT 1	/* (patch) RFC 9293 and RFC 5961 where lwIP's own tests expect less */
#define TCP_SYN_RCVD_MAXRTX 2	/* (patch) three SYN-ACKs: more go out if the SYN is repeated */
#define TCP_MAXRTX 12		/* minutes; the user timeout ends it before */
#define TCP_TIMEOUT_ERR ERR_TIMEOUT	/* (patch) tells a silent peer from a local abort */
#define TCP_WND_UPDATE_THRESHOLD (64 * 1024)	/* or a quarter of the window, if that is less */
#define TCP_MSL 30000UL		/* TIME_WAIT of 60 s, as kernels */
#define TCP_TW_MAX 4096		/* (patch) TIME_WAIT entries, 2 MB; beyond it the oldest goes */
#define TCP_PCB_HASH_SIZE 8192	/* (patch) buckets for 10,000 connections and TCP_TW_MAX; 64 kB */
#define LWIP_TCP_PMTUD 1	/* (patch) DF on TCP over IPv4; errors lower the MSS */
/* Ports for outgoing connections, chosen per destination (patch). 49,152 of them, RFC 6056 3.2. */
#define TCP_LOCAL_PORT_RANGE_START 0x4000
#define TCP_LOCAL_PORT_RANGE_END 0xffff
#define TCP_ENSURE_LOCAL_PORT_RANGE(port) ((u16_t)((port) | TCP_LOCAL_PORT_RANGE_START))

#endif
