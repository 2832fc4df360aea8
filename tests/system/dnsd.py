"""A DNS server for tests: UDP and TCP, answers from a table, deviations by name.

The table maps a lower-case name to a list of (type, value, ttl).  Special first labels:
`truncated.*` is truncated over UDP, `silent.*` gets no answer, `servfail.*` fails, `hostsfile.*`
does not exist when asked for AAAA (so dnsmasq answers of names in its hosts file, RFC 4074 4.2).
"""

import socket
import struct
import threading

A, CNAME, SOA, AAAA = 1, 5, 6, 28
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3


def encode_name(name):
    labels = [label for label in name.split(".") if label]
    return b"".join(bytes([len(x)]) + x.encode() for x in labels) + b"\0"


def decode_question(query):
    """Name (lower case), type and the raw question of a query without compression."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
        at += query[at] + 1
    kind = struct.unpack("!H", query[at + 1:at + 3])[0]
    return ".".join(labels), kind, query[12:at + 5]


def encode_value(kind, value):
    if kind == A:
        return socket.inet_aton(value)
    if kind == AAAA:
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == SOA:
        return encode_name("ns.test") + encode_name("root.test") + struct.pack("!5I", 1, 1, 1, 1,
                                                                              value)
    return encode_name(value)


class DnsServer:
    """Listens on both transports of two sockets given; counts queries by (name, type)."""

    def __init__(self, udp, tcp, address, port=53, silent=False):
        self.udp, self.tcp, self.silent = udp, tcp, silent
        self.records, self.queries = {}, []
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind((address, port))
        tcp.bind((address, port))
        tcp.listen(16)
        threading.Thread(target=self._serve_udp, daemon=True).start()
        threading.Thread(target=self._serve_tcp, daemon=True).start()

    def count(self, name, kind=None, transport=None):
        return sum(1 for q in list(self.queries) if q[0] == name
                   and kind in (None, q[1]) and transport in (None, q[2]))

    def _answers(self, name, kind):
        """Follow aliases; return (records, whether the name exists)."""
        found = []
        for _ in range(8):
            records = self.records.get(name)
            if records is None:
                return found, bool(found)
            alias = [r for r in records if r[0] == CNAME]
            found += [(name, *r) for r in records if r[0] == kind or r[0] == CNAME]
            if not alias or kind == CNAME:
                return found, True
            name = alias[0][1]
        return found, True

    def respond(self, query, transport):
        """The answer to one query, or None for silence."""
        name, kind, question = decode_question(query)
        self.queries.append((name, kind, transport))
        first = name.split(".")[0]
        if self.silent or first == "silent":
            return None
        found, exists = self._answers(name, kind)
        code = NOERROR if exists else NXDOMAIN
        if first == "hostsfile" and kind == AAAA:
            code, found = NXDOMAIN, []
        if first == "servfail":
            code, found = SERVFAIL, []
        truncated = first == "truncated" and transport == "udp"
        if truncated:
            found = []
        flags = 0x8580 | (0x0200 if truncated else 0) | code
        authority = b""
        if not found and code != SERVFAIL and not truncated:
            value = encode_value(SOA, 2)
            authority = encode_name("test") + struct.pack("!HHIH", SOA, 1, 2, len(value)) + value
        body = b""
        for owner, rtype, value, ttl in found:
            data = encode_value(rtype, value)
            body += encode_name(owner) + struct.pack("!HHIH", rtype, 1, ttl, len(data)) + data
        counts = struct.pack("!4H", 1, len(found), 1 if authority else 0, 0)
        return query[:2] + struct.pack("!H", flags) + counts + question + body + authority

    def _serve_udp(self):
        while True:
            try:
                query, peer = self.udp.recvfrom(4096)
                answer = self.respond(query, "udp")
                if answer:
                    self.udp.sendto(answer, peer)
            except (IndexError, ValueError, struct.error):
                continue
            except OSError:
                return

    def _serve_tcp(self):
        while True:
            try:
                sock, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._tcp_client, args=(sock,), daemon=True).start()

    def _tcp_client(self, sock):
        try:
            with sock, sock.makefile("rb") as stream:
                while len(head := stream.read(2)) == 2:
                    answer = self.respond(stream.read(struct.unpack("!H", head)[0]), "tcp")
                    if answer is None:
                        return
                    sock.sendall(struct.pack("!H", len(answer)) + answer)
        except (OSError, IndexError, struct.error):
            pass

    def close(self):
        for sock in (self.udp, self.tcp):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
