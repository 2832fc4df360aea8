#!/usr/bin/env python3
"""One stream over paths that people have: culvert beside kernel TCP and gVisor netstack, in one run.

usage: wan.py [--quick] [--only ROW]... [--way up|down]... [--program NAME]... [--repeat N]
              [--seconds N] [--list] [--json FILE]

The path is a relay of our own (wan_relay.c) in front of current wireguard-go with a TUN device in
its own network namespace. "up" compares senders: culvert and netstack through SOCKS5, the kernel's
TCP over a second wireguard-go. "down" compares receivers of one kernel sender: BBR on rows with
random loss, CUBIC on the others. A figure is the median of the runs, which programs take in turn:
Mbit/s that the receiver got in the seconds after the first byte could leave. A run during which
the relay was late by more than 2 ms (99th percentile), or dropped something itself, is void and
done again. "beside" is one stream of culvert, or of kernel CUBIC, and one of kernel BBR through one
queue: the share of the former. "fair-N" is N streams of one program through one queue, started 3 s apart: Jain's index of
what they got from 20 to 30 s. It reports and does not judge.

Needs root (namespaces, a TUN device), Go (the peers) and a C compiler (the relay).
CULVERT names the binary, else build/static/culvert, else build/culvert.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

import bench
from bench import GO_BIN, HERE, LOAD, LOAD_PORT, ROOT, Culvert, Netstack
from netlab import (FAR_IP, ORIGIN, START_ATTEMPTS, Lab, Unavailable,  # noqa: E402
                    die_with_parent, genkey, pubkey, sh, wait_for)
from node import free_port

RELAY = os.path.join(ROOT, "build", "bench", "wan_relay")
PORT = 9998
LATE_MOST_US = 2000
VOID_RUNS_MOST = 4
BLOCK = bytes(256 << 10)
TCP_CONGESTION = getattr(socket, "TCP_CONGESTION", 13)
MBIT = 10 ** 6
KB = 1 << 10


def link(rtt_ms, mbit=0, queue=None, **more):
    """A way of a path; without a queue it is one bandwidth-delay product."""
    if mbit:
        more.update(rate=mbit * MBIT, queue=queue or mbit * 125 * rtt_ms)
    return dict(more, delay=rtt_ms * 500)


ROWS = {  # name: the loaded way; the other has its delay alone
    "home": link(50, 20, 64 * KB),
    "queue-64k": link(50, 100, 64 * KB),
    "queue-256k": link(50, 100, 256 * KB),
    "queue-1m": link(50, 100, 1024 * KB),
    "loss-0.1": link(100, 200, loss=1000),
    "loss-1": link(100, 200, loss=10000),
    "bursts-0.5": link(100, 200, burst=5000, burst_len=8),
    "gigabit-64k": link(10, 1000, 64 * KB),
    "late-1": link(40, 100, late=10000, late_us=8000),
    "clean-100ms": link(100),
}
SHARED = link(50, 100)  # the path of "beside" and "fair-N"
FAIR = {"fair-2": 2, "fair-4": 4}
FAIR_APART_S, FAIR_FROM_S, FAIR_TO_S = 3, 20, 30


class Server:
    """In the far namespace: takes what is sent ("U") or sends without end ("D" and an algorithm)."""

    def __init__(self, lab):
        self.listener = lab.far_socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((ORIGIN, PORT))
        self.listener.listen()
        self.taken = {}  # by the name that the client gave
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            sock, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        try:
            with sock, sock.makefile("rb", buffering=0) as file:
                what, name = file.readline().decode().split()
                if what == "U":
                    self.taken[name] = 0
                    sock.sendall(b"!")
                    for n in drain(sock):
                        self.taken[name] += n
                else:
                    sock.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, name.encode())
                    while True:
                        sock.sendall(BLOCK)
        except OSError:
            pass


def drain(sock):
    """The lengths of what arrives, without a copy."""
    room = bytearray(1 << 20)
    while True:
        n = sock.recv_into(room, len(room), socket.MSG_TRUNC)
        if not n:
            return
        yield n


class Relay:
    def __init__(self, far_port, ports):
        self.process = subprocess.Popen([RELAY, FAR_IP, str(far_port), *map(str, ports)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        bufsize=1, preexec_fn=die_with_parent)
        self._expect("ready")

    def _expect(self, answer):
        line = self.process.stdout.readline().strip()
        if line != answer:
            raise RuntimeError(f"wan_relay: {line or 'ended'}")

    def set(self, way, **settings):
        self.process.stdin.write(f"{way} " + " ".join(f"{k}={v}" for k, v in settings.items())
                                 + "\n")
        self._expect("ok")

    def stats(self):
        self.process.stdin.write("stats\n")
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()


class Program:
    """What opens streams to the server; `congestion` is its sender's."""

    def __init__(self, name, congestion):
        self.name, self.congestion = name, congestion


class Proxied(Program):
    def __init__(self, name, proxy, congestion=None):
        super().__init__(name, congestion)
        self.proxy = proxy
        proxy.start()

    def connect(self):
        sock = socket.create_connection(("127.0.0.1", self.proxy.port))
        sock.sendall(b"\x05\x01\x00")
        assert sock.recv(2) == b"\x05\x00"
        sock.sendall(b"\x05\x01\x00\x01" + socket.inet_aton(ORIGIN) + struct.pack("!H", PORT))
        reply = sock.recv(4, socket.MSG_WAITALL)
        if reply[1]:
            raise OSError(f"{self.name}: SOCKS reply {reply[1]}")
        sock.recv({1: 6, 4: 18}[reply[3]], socket.MSG_WAITALL)
        return sock

    def stop(self):
        self.proxy.stop()


class Kernel(Program):
    """The kernel's TCP over wireguard-go in the node's namespace; one device for all algorithms."""

    device = None

    def __init__(self, lab, far, endpoint, congestion):
        super().__init__(f"kernel-{congestion}", congestion)
        if not Kernel.device:
            Kernel._make(lab, far, endpoint)

    @staticmethod
    def _make(lab, far, endpoint):
        private = genkey()
        address = far.add_peer(pubkey(private))[0]
        device = f"{lab.tag}k"
        env = dict(os.environ, LOG_LEVEL="error", WG_PROCESS_FOREGROUND="1")
        # It ends by itself, without a word, when started right after another was killed: again.
        for attempt in range(START_ATTEMPTS):
            Kernel.process = subprocess.Popen([os.environ["WIREGUARD_GO"], "-f", device], env=env,
                                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                              preexec_fn=die_with_parent)
            try:
                wait_for(lambda: subprocess.run(["wg", "show", device], capture_output=True,
                                                check=False).returncode == 0, what="wireguard-go")
                break
            except AssertionError:
                Kernel.process.kill()
                Kernel.process.wait()
                if attempt + 1 == START_ATTEMPTS:
                    raise
        sh("wg", "setconf", device, "/dev/stdin",
           input=f"[Interface]\nPrivateKey = {private}\n[Peer]\nPublicKey = {far.public}\n"
                 f"AllowedIPs = 0.0.0.0/0\nEndpoint = {endpoint}\n")
        lab.node_ip("addr", "add", f"{address}/32", "dev", device)
        lab.node_ip("link", "set", device, "mtu", "1420", "up")
        lab.node_ip("route", "add", f"{ORIGIN}/32", "dev", device, "src", address)
        Kernel.device = device

    def connect(self):
        sock = socket.socket()
        sock.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, self.congestion.encode())
        sock.connect((ORIGIN, PORT))
        return sock

    @staticmethod
    def stop():
        if Kernel.device:
            Kernel.process.kill()
            Kernel.process.wait()
            Kernel.device = None


def reset(sock):
    """Ends a stream at once: what waits in queues does not go on into the next run."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


class Sending:
    """A stream that sends without end."""

    def __init__(self, program, server):
        self.key = f"{program.name}-{time.monotonic_ns()}"
        self.server = server
        self.sock = program.connect()
        self.sock.sendall(f"U {self.key}\n".encode())
        self.sock.recv(1)
        threading.Thread(target=self._send, daemon=True).start()

    def _send(self):
        try:
            while True:
                self.sock.sendall(BLOCK)
        except OSError:
            pass

    def arrived(self):
        return self.server.taken[self.key]

    def stop(self):
        # Wakes the thread that sends; then the reset.
        self.sock.shutdown(socket.SHUT_RDWR)
        reset(self.sock)


def run_up(program, server, seconds):
    stream = Sending(program, server)
    time.sleep(seconds)
    got = stream.arrived()
    stream.stop()
    return got * 8 / seconds / MBIT


def run_down(program, congestion, seconds):
    sock = program.connect()
    sock.sendall(f"D {congestion}\n".encode())
    end, got = time.monotonic() + seconds, 0
    sock.settimeout(seconds + 1)
    for n in drain(sock):
        if time.monotonic() >= end:
            break
        got += n
    reset(sock)
    return got * 8 / seconds / MBIT


def pause_until(when):
    time.sleep(max(0, when - time.monotonic()))


class Bench:
    def __init__(self, options):
        self.options = options
        self.lab = Lab()
        self.folder = tempfile.mkdtemp(prefix="culvert-wan-")
        self.programs, self.relay, self.load = [], None, None
        os.environ["WIREGUARD_GO"] = os.path.join(GO_BIN, "wireguard")
        # As far as a 32 MB window asks; the defaults end a stream at 4 MB.
        sh("sysctl", "-q", "net.ipv4.tcp_rmem=4096 131072 33554432",
           "net.ipv4.tcp_wmem=4096 16384 33554432")

    def start(self):
        far = self.lab.new_far()
        self.server = Server(self.lab)
        self.load = self.lab.far_popen([LOAD, "serve", ORIGIN, LOAD_PORT])  # for Proxy.start
        ports = [free_port(kind=socket.SOCK_DGRAM) for _ in range(4)]
        self.relay = Relay(far.port, ports)
        ends = [f"127.0.0.1:{port}" for port in ports]
        wanted = self.options.program or PROGRAMS
        for number, congestion in enumerate(("bbr", "cubic")):
            if f"culvert-{congestion}" in wanted:
                proxy = Culvert(self.lab, far, self.folder, ends[number])
                proxy.name = f"culvert-{congestion}"
                proxy.settings = {"Congestion": congestion}
                self.programs.append(Proxied(proxy.name, proxy, congestion))
        if "netstack" in wanted:
            self.programs.append(Proxied("netstack", Netstack(self.lab, far, self.folder, ends[2])))
        self.programs += [Kernel(self.lab, far, ends[3], congestion)
                          for congestion in ("bbr", "cubic") if f"kernel-{congestion}" in wanted]

    def stop(self):
        for program in self.programs:
            program.stop()
        if self.relay:
            self.relay.stop()
        if self.load:
            self.load.kill()
            self.load.wait()
        self.lab.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def once(self, run):
        """One run that counts, or None."""
        for _ in range(VOID_RUNS_MOST):
            time.sleep(1)  # what is still on its way
            self.relay.stats()
            figure = run()
            stats = self.relay.stats()
            if stats["late_p99_us"] <= LATE_MOST_US and not stats["dropped"]:
                return figure
            print(f"# void: relay late by {stats['late_p99_us']} us, dropped {stats['dropped']}",
                  flush=True)
        return None

    def set_path(self, way, loaded):
        other = "down" if way == "up" else "up"
        self.relay.set(way, **loaded)
        self.relay.set(other, delay=loaded["delay"])

    def row(self, name, way):
        """Median of the runs by program's name."""
        loaded = ROWS[name]
        seconds = self.options.seconds
        lossy = "loss" in loaded or "burst" in loaded
        # One culvert and one kernel receive as well as two.
        programs = [p for p in self.programs if way == "up" or p.congestion != "cubic"]
        samples = {program.name: [] for program in programs}
        self.set_path(way, loaded)
        for _ in range(self.options.repeat):
            for program in programs:
                if way == "up":
                    figure = self.once(lambda p=program: run_up(p, self.server, seconds))
                else:
                    figure = self.once(lambda p=program: run_down(
                        p, "bbr" if lossy else "cubic", seconds))
                if figure is not None:
                    samples[program.name].append(figure)
        return {name: statistics.median(many) for name, many in samples.items() if many}

    def beside(self, ours):
        """The share, in percent, of `ours` beside kernel BBR, after both have settled."""
        theirs = next(p for p in self.programs if p.name == "kernel-bbr")
        settle = self.options.seconds

        def run():
            streams = [Sending(theirs, self.server), Sending(ours, self.server)]
            time.sleep(settle)
            before = [stream.arrived() for stream in streams]
            time.sleep(2 * settle)
            got = [stream.arrived() - old for stream, old in zip(streams, before)]
            for stream in streams:
                stream.stop()
            return 100 * got[1] / sum(got)

        return self.shared(run)

    def shared(self, run):
        """Median of the runs through one queue, the worst of them, or None."""
        self.set_path("up", SHARED)
        figures = [self.once(run) for _ in range(self.options.repeat)]
        figures = [figure for figure in figures if figure is not None]
        return (statistics.median(figures), min(figures)) if figures else None

    def fair(self, program, count):
        def run():
            start, streams = time.monotonic(), []
            for number in range(count):
                pause_until(start + number * FAIR_APART_S)
                streams.append(Sending(program, self.server))
            pause_until(start + FAIR_FROM_S)
            before = [stream.arrived() for stream in streams]
            pause_until(start + FAIR_TO_S)
            got = [stream.arrived() - old for stream, old in zip(streams, before)]
            for stream in streams:
                stream.stop()
            return sum(got) ** 2 / (count * sum(n * n for n in got))

        return self.shared(run)


SHARED_ROWS = ["beside", *FAIR]
BESIDE = ["culvert-bbr", "culvert-cubic", "kernel-cubic"]
PROGRAMS = ["culvert-bbr", "culvert-cubic", "netstack", "kernel-bbr", "kernel-cubic"]


def build():
    bench.build()
    source = os.path.join(HERE, "wan_relay.c")
    if not os.path.exists(RELAY) or os.path.getmtime(RELAY) < os.path.getmtime(source):
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-o", RELAY, source],
                       check=True)


def show(label, figures):
    cells = [f"{figures[name]:.1f}" if name in figures else "-" for name in PROGRAMS]
    print(f"{label:<18}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


def report_shared(results, row, program, figures, what):
    shown = "void" if figures is None else f"{figures[0]:.3g} (worst {figures[1]:.3g})"
    print(f"{row:<18}{program.name:>15}  {what}: {shown}", flush=True)
    results.append({"row": row, "program": program.name, "median": figures and figures[0],
                    "worst": figures and figures[1]})


def run(options):
    results, this = [], Bench(options)
    try:
        this.start()
        print(f"{'Mbit/s':<18}" + "".join(f"{name:>15}" for name in PROGRAMS), flush=True)
        for way in options.way or ("up", "down"):
            for name in (n for n in options.only or ROWS if n in ROWS):
                figures = this.row(name, way)
                show(f"{name} {way}", figures)
                results.append({"row": name, "way": way, **figures})
        for program in this.programs:
            if program.name in BESIDE and "beside" in (options.only or SHARED_ROWS):
                report_shared(results, "beside", program, this.beside(program), "share, %")
        for name, count in FAIR.items():
            for program in this.programs if name in (options.only or SHARED_ROWS) else []:
                report_shared(results, name, program, this.fair(program, count), "Jain's index")
    finally:
        this.stop()
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="one run of 4 s")
    parser.add_argument("--only", action="append", choices=[*ROWS, *SHARED_ROWS], metavar="ROW")
    parser.add_argument("--way", action="append", choices=["up", "down"])
    parser.add_argument("--program", action="append", choices=PROGRAMS)
    parser.add_argument("--repeat", type=int, help="runs per figure (3; with --quick 1)")
    parser.add_argument("--seconds", type=int, help="of a run (8; with --quick 4)")
    parser.add_argument("--list", action="store_true", help="print the names of the rows")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    options = parser.parse_args()
    if options.list:
        print("\n".join([*ROWS, *SHARED_ROWS]))
        return 0
    options.repeat = options.repeat or (1 if options.quick else 3)
    options.seconds = options.seconds or (4 if options.quick else 8)
    reason = bench.missing()
    if reason:
        print(f"wan: {reason}", file=sys.stderr)
        return 1
    build()
    try:
        results = run(options)
    except Unavailable as error:
        print(f"wan: {error}", file=sys.stderr)
        return 1
    if options.json:
        with open(options.json, "w", encoding="ascii") as file:
            json.dump(results, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
