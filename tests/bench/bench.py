#!/usr/bin/env python3
"""culvert against gVisor netstack over wireguard-go, measured in one run.

usage: bench.py [--quick] [--only ROW]... [--repeat N] [--list] [--json FILE]

The far end is current wireguard-go with a TUN device in its own network namespace; client, proxy
and far end share the machine.  CPU is that of the proxy process alone, from /proc.  Each figure is
the median of several runs, culvert and the peer taking turns.  The ratios are what to look at:
they are stable from run to run, absolute figures are not.  It reports and does not judge.

Needs root (namespaces and a TUN device), Go (the peers) and a C compiler (the load tool).
CULVERT names the binary, else build/static/culvert, else build/culvert.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "system"))

from netlab import (FAR_IP, ORIGIN, Lab, Unavailable, die_with_parent, genkey,  # noqa: E402
                    pubkey, wait_for)
from node import free_port, section  # noqa: E402

GO_BIN = os.path.join(ROOT, "build", "go", "bin")
LOAD = os.path.join(ROOT, "build", "bench", "load")
LOAD_PORT = "9999"
GIGABYTE = 1e9
TICK = os.sysconf("SC_CLK_TCK")
IDLE_CONNECTIONS = 10_000
REST_S = 10


class Proxy:
    """One of the two programs; makes its configuration and starts it."""

    def __init__(self, lab, far, folder, endpoint=None):
        self.lab, self.far, self.folder = lab, far, folder
        self.endpoint = endpoint or f"{FAR_IP}:{far.port}"
        self.private = genkey()
        self.port = free_port()
        self.address = far.add_peer(pubkey(self.private))[0]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.argv(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        preexec_fn=die_with_parent)
        wait_for(lambda: self.process.poll() is not None or self._open(), what=self.name)
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended with {self.process.returncode}")
        load("short", self, "1")  # the tunnel is up when this returns

    def _open(self):
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_s(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def rss_kb(self, pid=None):
        with open(f"/proc/{pid or self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])


class Culvert(Proxy):
    name = "culvert"
    settings = {}  # more of [Interface]

    def argv(self):
        path = os.path.join(self.folder, f"{self.name}.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(section("Interface", PrivateKey=self.private, Address=f"{self.address}/32",
                               **self.settings))
            file.write(section("Peer", PublicKey=self.far.public, AllowedIPs="0.0.0.0/0",
                               Endpoint=self.endpoint))
            file.write(section("Socks5", BindAddress=f"127.0.0.1:{self.port}",
                               MaxConnections=IDLE_CONNECTIONS + 100))
        os.chmod(path, 0o600)
        return [self.binary(), "up", "-c", path]

    @staticmethod
    def binary():
        static = os.path.join(ROOT, "build", "static", "culvert")
        return os.environ.get("CULVERT") or (
            static if os.path.exists(static) else os.path.join(ROOT, "build", "culvert"))


class Netstack(Proxy):
    name = "netstack"

    def argv(self):
        path = os.path.join(self.folder, "netstack.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"listen = 127.0.0.1:{self.port}\naddress = {self.address}\n"
                       f"private_key = {self.private}\npublic_key = {self.far.public}\n"
                       f"endpoint = {self.endpoint}\nallowed_ip = 0.0.0.0/0\n")
        return [self.binary(), path]

    @staticmethod
    def binary():
        return os.path.join(GO_BIN, "netstack-socks")


def load(what, proxy, *args, **kwargs):
    """Run the load client; return the number that it prints."""
    done = subprocess.run([LOAD, what, str(proxy.port), ORIGIN, LOAD_PORT, *args],
                          capture_output=True, text=True, check=False, timeout=900, **kwargs)
    if done.returncode != 0:
        raise RuntimeError(f"load {what} through {proxy.name}: {done.stderr.strip()}")
    return float(done.stdout)


def bulk(proxy, way, streams, total):
    """CPU seconds per GB and Mbit/s of one transfer."""
    before = proxy.cpu_s()
    seconds = load(way, proxy, str(streams), str(total // streams))
    return {"cpu": (proxy.cpu_s() - before) * GIGABYTE / total,
            "rate": total * 8 / seconds / 1e6}


def measure_bulk(proxies, way, streams, options):
    total = (256 << 20) if options.quick else (1 << 30)
    load_args = (way, streams, total)
    samples = {proxy.name: [] for proxy in proxies}
    for _ in range(options.repeat):
        for proxy in proxies:
            samples[proxy.name].append(bulk(proxy, *load_args))
    label = f"{streams} stream{'s' if streams > 1 else ''} {way}"
    return [(f"CPU s/GB, {label}", median_of(samples, "cpu"), "{:.2f}"),
            (f"Mbit/s, {label}", median_of(samples, "rate"), "{:.0f}")]


def median_of(samples, key):
    return {name: statistics.median(one[key] for one in many) for name, many in samples.items()}


def row_rtt(proxies, options):
    count = 2000 if options.quick else 10000
    samples = {proxy.name: [] for proxy in proxies}
    for _ in range(options.repeat):
        for proxy in proxies:
            samples[proxy.name].append({"us": load("rtt", proxy, str(count))})
    return [("64-byte round trip, p50, us", median_of(samples, "us"), "{:.0f}")]


def row_short(proxies, options):
    count = 500 if options.quick else 3000
    samples = {proxy.name: [] for proxy in proxies}
    for _ in range(options.repeat):
        for proxy in proxies:
            before = proxy.cpu_s()
            seconds = load("short", proxy, str(count))
            samples[proxy.name].append({"cpu": (proxy.cpu_s() - before) * 1e3 / count,
                                        "time": seconds * 1e3 / count})
    return [("CPU ms per short connection", median_of(samples, "cpu"), "{:.3f}"),
            ("wall ms per short connection", median_of(samples, "time"), "{:.3f}")]


def row_memory(proxies, options):
    """Fresh processes: idle, after bulk both ways, per idle connection."""
    total = (256 << 20) if options.quick else 2 << 30
    count = 1000 if options.quick else IDLE_CONNECTIONS
    idle, after, each = {}, {}, {}
    for proxy in proxies:
        proxy.stop()
        proxy.start()
        idle[proxy.name] = proxy.rss_kb() / 1024
        holder = subprocess.Popen([LOAD, "idle", str(proxy.port), ORIGIN, LOAD_PORT, str(count)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if holder.stdout.readline() != b"open\n":
            raise RuntimeError(f"{count} connections did not open through {proxy.name}")
        # What a connection holds while it moves data has to go first: watch it settle.
        sizes = [proxy.rss_kb()]

        def settled():
            sizes.append(proxy.rss_kb())
            return len(sizes) > 20 and max(sizes[-15:]) - min(sizes[-15:]) < 64

        try:
            wait_for(settled, 60, "memory to settle", interval=0.2)
        except AssertionError:
            pass
        each[proxy.name] = (sizes[-1] - idle[proxy.name] * 1024) / count
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()
        proxy.stop()
        proxy.start()
        for way in ("down", "up"):
            load(way, proxy, "1", str(total))
        after[proxy.name] = proxy.rss_kb() / 1024
    return [("resident idle, MB", idle, "{:.1f}"),
            (f"resident after {total / (1 << 30):.2g} GB each way, MB", after, "{:.1f}"),
            (f"kB per idle connection ({count} open)", each, "{:.2f}")]


def row_rest(proxies, options):
    """What stays resident when a mixed load (bulk on many streams, short connections) is over."""
    total = (64 << 20) if options.quick else 1 << 30
    grown = {}
    for proxy in proxies:
        proxy.stop()
        proxy.start()
        start = proxy.rss_kb()
        for _ in range(2):
            for way in ("down", "up"):
                load(way, proxy, "64", str(total // 64))
            load("short", proxy, "1000" if options.quick else "5000")
        time.sleep(REST_S)
        grown[proxy.name] = (proxy.rss_kb() - start) / 1024
    return [(f"grown after mixed load and {REST_S} s of rest, MB", grown, "{:.1f}")]


class HandshakeWatch:
    """The time from the last initiation to the first response, seen on the node's veth."""

    def __init__(self, device):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self.sock.bind((device, 3))
        self.sock.settimeout(5)
        self.sent = self.answered = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            while self.answered is None:
                packet, where = self.sock.recvfrom(65536)
                if len(packet) < 32 or packet[0] >> 4 != 4 or packet[9] != 17:
                    continue
                length, kind = struct.unpack("!H", packet[24:26])[0] - 8, packet[28]
                outgoing = where[2] == socket.PACKET_OUTGOING
                if outgoing and kind == 1 and length == 148:
                    self.sent = time.monotonic()
                elif not outgoing and kind == 2 and length == 92 and self.sent:
                    self.answered = time.monotonic()
        except OSError:
            pass

    def seconds(self):
        self.thread.join()
        self.sock.close()
        return self.answered - self.sent if self.answered else 0.0


def row_first(proxies, options):
    samples = {proxy.name: [] for proxy in proxies}
    for _ in range(options.repeat * 3):
        for proxy in proxies:
            proxy.stop()
            watch = HandshakeWatch(proxy.lab.node_dev)
            child = subprocess.Popen([LOAD, "first", str(proxy.port), ORIGIN, LOAD_PORT,
                                      *proxy.argv()], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            line = child.stdout.readline().split()
            handshake = watch.seconds()
            child.stdin.close()
            child.wait()
            child.stdout.close()
            samples[proxy.name].append({"total": float(line[1]) * 1e3,
                                        "own": (float(line[1]) - handshake) * 1e3})
            proxy.start()
    return [("exec to first byte, ms", median_of(samples, "total"), "{:.1f}"),
            ("the same beyond the handshake's round trip, ms", median_of(samples, "own"),
             "{:.1f}")]


def row_size(proxies, _):
    sizes = {proxy.name: os.path.getsize(proxy.binary()) / 1e6 for proxy in proxies}
    return [("binary, MB", sizes, "{:.1f}")]


ROWS = {
    "down1": lambda p, o: measure_bulk(p, "down", 1, o),
    "up1": lambda p, o: measure_bulk(p, "up", 1, o),
    "down8": lambda p, o: measure_bulk(p, "down", 8, o),
    "up8": lambda p, o: measure_bulk(p, "up", 8, o),
    "rtt": row_rtt,
    "short": row_short,
    "memory": row_memory,
    "rest": row_rest,
    "first": row_first,
    "size": row_size,
}


def build():
    """The load tool and the Go peers."""
    os.makedirs(os.path.dirname(LOAD), exist_ok=True)
    source = os.path.join(HERE, "load.c")
    if not os.path.exists(LOAD) or os.path.getmtime(LOAD) < os.path.getmtime(source):
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O2", "-o", LOAD,
                        source], check=True)
    subprocess.run([os.path.join(ROOT, "tests", "interop", "run.sh"), "--build"], check=True)


def missing():
    """What stands in the way, as one line, or None."""
    if os.geteuid() != 0:
        return "root is needed: network namespaces and a TUN device"
    if not shutil.which("go"):
        return "Go is needed to build the peers (see tests/interop/go.mod for the version)"
    for tool in ("ip", "wg", os.environ.get("CC", "cc")):
        if not shutil.which(tool):
            return f"{tool} is needed"
    if not os.path.exists(Culvert.binary()):
        return f"{Culvert.binary()} does not exist: run make static"
    return None


def show(label, values, shape):
    """One line of the table: both figures and their ratio."""
    cells = [shape.format(values[name]) if name in values else "-"
             for name in (Culvert.name, Netstack.name)]
    mine, theirs = values.get(Culvert.name), values.get(Netstack.name)
    ratio = f"{mine / theirs:.2f}" if mine is not None and theirs else "-"
    print(f"{label:<50} {cells[0]:>10} {cells[1]:>10} {ratio:>8}", flush=True)


def run(options):
    lab = Lab()
    folder = tempfile.mkdtemp(prefix="culvert-bench-")
    proxies, results = [], []
    server = None
    try:
        os.environ["WIREGUARD_GO"] = os.path.join(GO_BIN, "wireguard")
        far = lab.new_far()
        server = lab.far_popen([LOAD, "serve", ORIGIN, LOAD_PORT])
        proxies = [kind(lab, far, folder) for kind in (Culvert, Netstack)
                   if options.program in (None, kind.name)]
        for proxy in proxies:
            proxy.start()
        print(f"{'':<50} {'culvert':>10} {'netstack':>10} {'ratio':>8}")
        for name in options.only or ROWS:
            for label, values, shape in ROWS[name](proxies, options):
                show(label, values, shape)
                results.append({"row": name, "what": label, **values})
    finally:
        for proxy in proxies:
            if proxy.process:
                proxy.stop()
        if server:
            server.kill()
            server.wait()
        lab.close()
        shutil.rmtree(folder, ignore_errors=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="small amounts, one run")
    parser.add_argument("--only", action="append", choices=list(ROWS), metavar="ROW")
    parser.add_argument("--repeat", type=int, help="runs per figure (5; with --quick 1)")
    parser.add_argument("--program", choices=[Culvert.name, Netstack.name],
                        help="only one of the two, for instance to profile it")
    parser.add_argument("--list", action="store_true", help="print the names of the rows")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    options = parser.parse_args()
    if options.list:
        print("\n".join(ROWS))
        return 0
    options.repeat = options.repeat or (1 if options.quick else 5)
    reason = missing()
    if reason:
        print(f"bench: {reason}", file=sys.stderr)
        return 1
    build()
    try:
        results = run(options)
    except Unavailable as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if options.json:
        with open(options.json, "w", encoding="ascii") as file:
            json.dump(results, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
