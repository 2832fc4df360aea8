#!/usr/bin/env python3
"""Records what Linux's TCP sends and hears over a bad path, for tests/unit/test_cc_linux.c.

usage: record_linux_tcp.py FOLDER [ROW]...

Each row below becomes FOLDER/linux_tcp_ROW.txt. The sender is the kernel's TCP (CUBIC, SACK,
timestamps) over wireguard-go, the path is tests/bench/wan_relay.c, and packets are seen at the TUN
device. Needs what `make bench-wan` needs, and Debian's wireguard-go: the current one hands the kernel's
64 kB segments through.

A line is an event, times in us since the SYN left:
        H TIME                          its answer arrives
        S TIME SEQ LEN TSVAL            a segment with data leaves
        A TIME ACK TSECR [L-R]...       an acknowledgement arrives, with its SACK blocks
Sequence numbers count from the first byte of data, timestamps from that of the SYN.
"""

import fcntl
import os
import socket
import struct
import sys
import termios
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "bench"))

import wan  # noqa: E402
from netlab import Lab  # noqa: E402

SO_TIMESTAMPNS = 35
TCP, FIN, SYN, ACK = 6, 1, 2, 16

ROWS = {
    "loss": (wan.link(40, 20, 64 << 10, loss=15000), [(0, 400)]),
    "bursts": (wan.link(40, 20, 64 << 10, burst=20000, burst_len=5), [(0, 400)]),
    "late": (wan.link(40, 20, 128 << 10, late=30000, late_us=15000), [(0, 400)]),
    "queue": (wan.link(40, 10, 24 << 10), [(0, 400)]),
    # One acknowledgement for many segments, with the gaps that all the losses of a full queue leave.
    "overshoot": (wan.link(40, 100, 100 << 10), [(0, 700)]),
    # (pause before it in seconds, segments): tails, which only a probe or a time-out repairs.
    "tails": (wan.link(40, 20, 64 << 10, loss=100000), [(0.3, 4)] * 25),
}


class Capture:
    """TCP headers at a device, with the kernel's time stamps."""

    def __init__(self, device):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.sock.bind((device, 3))
        self.sock.settimeout(0.2)
        self.packets, self.ended = [], False
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.ended:
            try:
                data, control, _, where = self.sock.recvmsg(128, 128)
            except TimeoutError:
                continue
            seconds, nanos = struct.unpack("qq", control[0][2])
            self.packets.append((seconds * 10 ** 9 + nanos, where[2] == socket.PACKET_OUTGOING, data))

    def stop(self):
        self.ended = True
        self.thread.join()
        self.sock.close()
        return sorted(self.packets, key=lambda packet: packet[0])


def options(header):
    """TSval, TSecr and SACK blocks."""
    stamps, blocks, at = (0, 0), [], 20
    while at < len(header) and header[at]:
        if header[at] == 1:
            at += 1
            continue
        kind, length = header[at], header[at + 1]
        if kind == 8:
            stamps = struct.unpack("!II", header[at + 2:at + 10])
        elif kind == 5:
            blocks = [struct.unpack("!II", header[i:i + 8]) for i in range(at + 2, at + length, 8)]
        at += length
    return stamps, blocks


def lines_of(packets, port):
    """The events of the connection to `port`."""
    start = base = stamp = own = None
    for when, outgoing, data in packets:
        head = (data[0] & 15) * 4
        if data[0] >> 4 != 4 or data[9] != TCP or len(data) < head + 20:
            continue
        tcp = data[head:]
        source, target, seq, ack = struct.unpack("!HHII", tcp[:12])
        length = struct.unpack("!H", data[2:4])[0] - head - (tcp[12] >> 4) * 4
        (value, echo), blocks = options(tcp[:(tcp[12] >> 4) * 4])
        if outgoing and target == port and tcp[13] & SYN:
            start, base, stamp, own = when, seq + 1, value, source
            continue
        if own not in (source, target):
            continue
        us = (when - start) // 1000
        if tcp[13] & SYN:
            yield f"H {us}"
        elif outgoing and length:
            yield f"S {us} {(seq - base) % 2 ** 32} {length} {(value - stamp) % 2 ** 32}"
        elif not outgoing and tcp[13] & ACK:
            text = "".join(f" {(left - base) % 2 ** 32}-{(right - base) % 2 ** 32}"
                           for left, right in blocks)
            yield f"A {us} {(ack - base) % 2 ** 32} {(echo - stamp) % 2 ** 32}{text}"


def record(kernel, sends):
    capture = Capture(kernel.device)
    sock = kernel.connect()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(b"U recorded\n")
    sock.recv(1)
    for pause, segments in sends:
        time.sleep(pause)
        sock.sendall(bytes(segments * 1368))
    # Until all is acknowledged.
    while unacked(sock):
        time.sleep(0.05)
    wan.reset(sock)
    return lines_of(capture.stop(), wan.PORT)


def unacked(sock):
    return struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))[0]


def main():
    folder = sys.argv[1]
    wan.build()
    os.environ["WIREGUARD_GO"] = "wireguard-go"
    lab = Lab()
    far = lab.new_far()
    port = wan.free_port(kind=socket.SOCK_DGRAM)
    relay, server = wan.Relay(far.port, [port]), wan.Server(lab)
    kernel = wan.Kernel(lab, far, f"127.0.0.1:{port}", "cubic")
    try:
        wan.Sending(kernel, server).stop()  # the session is up
        for name in sys.argv[2:] or ROWS:
            path, sends = ROWS[name]
            relay.set("up", **path)
            relay.set("down", delay=path["delay"])
            with open(os.path.join(folder, f"linux_tcp_{name}.txt"), "w", encoding="ascii") as file:
                file.write("".join(line + "\n" for line in record(kernel, sends)))
            print(name, relay.stats(), flush=True)
    finally:
        kernel.stop()
        relay.stop()
        lab.close()


if __name__ == "__main__":
    main()
