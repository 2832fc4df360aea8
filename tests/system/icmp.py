"""ICMP errors made by hand, for routes that the kernel only drops (blackhole)."""

import socket
import struct
import threading

ETH_P_ALL = 3


def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def error4(packet, kind, code, mtu=0):
    """An ICMPv4 error about an IPv4 packet, as if its destination's router had sent it."""
    size = (packet[0] & 15) * 4 + 8
    message = struct.pack("!BBHHH", kind, code, 0, 0, mtu) + packet[:size]
    message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(message), 0, 0, 64, 1, 0,
                       socket.inet_aton("10.100.0.1"), packet[12:16])
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + message


def error6(packet, kind, code, value=0):
    """An ICMPv6 error about an IPv6 packet."""
    quote = packet[:1000]
    source, target = socket.inet_pton(socket.AF_INET6, "fd64::1"), packet[8:24]
    message = struct.pack("!BBHI", kind, code, 0, value) + quote
    pseudo = source + target + struct.pack("!II", len(message), 58)
    message = message[:2] + struct.pack("!H", checksum(pseudo + message)) + message[4:]
    return struct.pack("!IHBB", 6 << 28, len(message), 58, 64) + source + target + message


def echo_request(lab, address, payload, timeout=10):
    """Ping from the far side; return the payload of the answer."""
    ip6 = ":" in address
    family, proto = (socket.AF_INET6, 58) if ip6 else (socket.AF_INET, 1)
    request, answer = (128, 129) if ip6 else (8, 0)
    message = struct.pack("!BBHHH", request, 0, 0, 0x4355, 1) + payload
    if not ip6:  # for ICMPv6 the kernel fills the checksum in
        message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    with lab.far_socket(family, socket.SOCK_RAW, proto) as sock:
        sock.settimeout(timeout)
        sock.sendto(message, (address, 0))
        while True:
            packet = sock.recv(65536)
            packet = packet if ip6 else packet[(packet[0] & 15) * 4:]
            if packet[0] == answer and packet[4:6] == message[4:6]:
                return packet[8:]


class Responder:
    """Answers each TCP packet to `address` that comes out of the far end's TUN device.

    `reply(packet)` makes the error; it may spoil it.  The error goes into the TUN's route, that is
    back through the tunnel.
    """

    def __init__(self, lab, far, address, reply):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.family, self.address, self.reply = family, socket.inet_pton(family, address), reply
        self.listener = lab.far_socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.listener.bind((far.dev, ETH_P_ALL))
        self.sender = lab.far_socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.seen = 0
        self.closing = False
        self.listener.settimeout(0.1)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.closing:
            try:
                packet = self.listener.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            if self.family == socket.AF_INET:
                match = packet[0] >> 4 == 4 and packet[9] == 6 and packet[16:20] == self.address
                back = socket.inet_ntoa(packet[12:16]) if match else None
            else:
                match = packet[0] >> 4 == 6 and packet[6] == 6 and packet[24:40] == self.address
                back = socket.inet_ntop(socket.AF_INET6, packet[8:24]) if match else None
            if match:
                self.seen += 1
                self.sender.sendto(self.reply(packet), (back, 0))

    def close(self):
        self.closing = True
        self.thread.join()
        self.listener.close()
        self.sender.close()
