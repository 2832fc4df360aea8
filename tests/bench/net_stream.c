/*
 * ns per packet of net/ and lwIP, receive and send apart: one stream of a stack to itself. What
 * the simulated wire costs is not counted. Usage: net_stream [megabytes] [delay in us].
 */
#include <stdio.h>
#include <time.h>

#include "net/mem.h"
#include "support/net_sim.h"

struct clocks {
	uint64_t input_ns, output_ns, write_ns, read_ns, packets_in, packets_out, acks;
};

static struct clocks clocks;
static struct net_stream *writer, *reader;
static uint64_t written, total, received;

static uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void drain(struct sim *sim)
{
	static uint8_t slots[64][1500];
	static size_t lens[64];
	size_t count;

	do {
		struct net_out out;
		uint64_t start = clock_ns();

		for (count = 0; count < 64 && net_stack_output(sim->stack, sim->now, &out); count++) {
			lens[count] = out.len;
			net_out_copy(sim->stack, &out, slots[count]);
		}
		clocks.output_ns += clock_ns() - start;
		clocks.packets_out += count;
		for (size_t i = 0; i < count; i++) {
			if (lens[i] < 100)
				clocks.acks++;
			sim_send(sim, slots[i], lens[i]);
		}
	} while (count == 64);
}

static void timed_input(struct net_stack *stack, struct boot_time now, struct packet *batch)
{
	uint64_t start = clock_ns();

	net_stack_input(stack, now, batch);
	clocks.input_ns += clock_ns() - start;
}

static void read_all(void)
{
	struct iovec iov[46];
	unsigned count;
	uint64_t start = clock_ns();

	while ((count = net_stream_peek(reader, iov, 46))) {
		size_t taken = 0;

		for (unsigned i = 0; i < count; i++)
			taken += iov[i].iov_len;
		net_stream_consume(reader, taken);
		received += taken;
	}
	clocks.read_ns += clock_ns() - start;
}

static void write_some(void)
{
	uint64_t start = clock_ns();
	struct iovec iov[2];
	unsigned count;

	while (written < total && (count = net_stream_space(writer, iov, 2))) {
		size_t n = 0;

		for (unsigned i = 0; i < count; i++)
			n += iov[i].iov_len;
		net_stream_commit(writer, n);
		written += n;
	}
	clocks.write_ns += clock_ns() - start;
}

static void events(struct sim *sim)
{
	struct net_stream *s;
	struct net_inbound *in;

	while ((in = net_stack_next_inbound(sim->stack))) {
		if (net_inbound_accept(in, sim->now, NULL, &reader))
			abort();
	}
	while ((s = net_stack_next_stream(sim->stack))) {
		unsigned ev = net_stream_take_events(s);

		if (s == reader)
			read_all();
		else if (ev & (NET_EV_CONNECTED | NET_EV_WRITABLE))
			write_some();
	}
}

int main(int argc, char **argv)
{
	struct prefix address;
	struct endpoint dst;
	struct sim sim;
	uint64_t data;

	if (prefix_parse(&address, "10.0.0.1/32", 11))
		return 1;
	total = (uint64_t)(argc > 1 ? atoi(argv[1]) : 512) << 20;
	sim_init(&sim, 1, &address, 1, 1420, 10);
	sim.delay_ns = (uint64_t)(argc > 2 ? atoi(argv[2]) : 100) * 1000;
	sim.input = timed_input;
	dst = (struct endpoint){.addr = address.addr, .port = 80};
	if (net_listen(sim.stack, 80, NULL) ||
	    net_stream_connect(sim.stack, sim.now, &dst, NULL, &writer))
		return 1;
	while (received < total) {
		struct boot_time next;

		drain(&sim);
		next = sim_next(&sim);
		if (next.ns > sim.now.ns)
			sim.now = next;
		clocks.packets_in += sim_deliver(&sim);
		if (boot_reached(sim.now, net_stack_deadline(sim.stack)))
			net_stack_tick(sim.stack, sim.now);
		events(&sim);
	}
	data = clocks.packets_out - clocks.acks;
	printf("%llu MB, %llu data packets, %llu acks, %.3f s simulated\n",
	       (unsigned long long)(received >> 20), (unsigned long long)data,
	       (unsigned long long)clocks.acks, (double)(sim.now.ns - sim.start.ns) / 1e9);
	printf("input  %6.1f ns a packet\n", (double)clocks.input_ns / (double)data);
	printf("output %6.1f ns a packet (copy and checksum included)\n",
	       (double)clocks.output_ns / (double)data);
	printf("read   %6.1f ns a packet\n", (double)clocks.read_ns / (double)data);
	printf("write  %6.1f ns a packet\n", (double)clocks.write_ns / (double)data);
	net_stream_abort(writer);
	net_stream_abort(reader);
	sim_fini(&sim);
	return net_mem_count() != 0;
}
