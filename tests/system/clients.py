"""Proxy clients: SOCKS4, 4a and 5, HTTP CONNECT and absolute form, by hand."""

import base64
import ipaddress
import socket
import struct

from httpio import Stream

CONNECT, BIND, ASSOCIATE = 1, 2, 3
TIMEOUT = 20.0


class SocksError(Exception):
    """The reply of a SOCKS server that is no success; `code` is its number."""

    def __init__(self, code, text=""):
        super().__init__(f"SOCKS reply {code} {text}")
        self.code = code


def dial(proxy, timeout=TIMEOUT):
    """Connect to (host, port), or to a path for a unix socket."""
    if isinstance(proxy, str):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(timeout)
        sock.connect(proxy)
        return sock
    return socket.create_connection(proxy, timeout=timeout)


def exactly(sock, count):
    data = b""
    while len(data) < count:
        part = sock.recv(count - len(data))
        if not part:
            raise EOFError(f"end after {len(data)} of {count} bytes: {data!r}")
        data += part
    return data


def read_all(sock):
    parts = []
    while part := sock.recv(1 << 18):
        parts.append(part)
    return b"".join(parts)


def socks5_address(host, port):
    """Address type, address and port of a request."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode()
        return struct.pack("!BB", 3, len(name)) + name + struct.pack("!H", port)
    return bytes([1 if ip.version == 4 else 4]) + ip.packed + struct.pack("!H", port)


def socks5_login(sock, user=None, password=None):
    if user is None:
        sock.sendall(b"\x05\x01\x00")
    else:
        sock.sendall(b"\x05\x02\x00\x02")
    version, method = exactly(sock, 2)
    assert version == 5
    if method == 255:
        raise SocksError(255, "no method")
    if method == 2:
        sock.sendall(b"\x01" + bytes([len(user)]) + user.encode() +
                     bytes([len(password)]) + password.encode())
        if exactly(sock, 2)[1] != 0:
            raise SocksError(256, "wrong password")


def socks5_reply(sock):
    """Read a reply; return the bound address or raise."""
    version, code, reserved, kind = exactly(sock, 4)
    assert (version, reserved) == (5, 0)
    size = {1: 4, 4: 16}[kind] if kind != 3 else exactly(sock, 1)[0]
    address = exactly(sock, size)
    port = struct.unpack("!H", exactly(sock, 2))[0]
    if code != 0:
        raise SocksError(code)
    return str(ipaddress.ip_address(address)), port


def socks5(proxy, host, port, user=None, password=None, command=CONNECT, timeout=TIMEOUT):
    """A socket whose bytes go to host:port; its `bound` is in the reply, dropped here."""
    sock = dial(proxy, timeout)
    try:
        socks5_login(sock, user, password)
        sock.sendall(bytes([5, command, 0]) + socks5_address(host, port))
        socks5_reply(sock)
    except BaseException:
        sock.close()
        raise
    return sock


def socks4(proxy, host, port, user=b"", timeout=TIMEOUT):
    """SOCKS4 with an IPv4 address, SOCKS4a with a name."""
    sock = dial(proxy, timeout)
    try:
        packed, tail = socket.inet_aton(host), b""
    except OSError:
        packed, tail = bytes([0, 0, 0, 1]), host.encode() + b"\0"
    sock.sendall(struct.pack("!BBH", 4, 1, port) + packed + user + b"\0" + tail)
    reply = exactly(sock, 8)
    assert reply[0] == 0
    if reply[1] != 90:
        sock.close()
        raise SocksError(reply[1])
    return sock


def authority(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def basic(user, password):
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return f"Proxy-Authorization: Basic {token}\r\n"


def http_connect(proxy, host, port, extra="", early=b"", timeout=TIMEOUT):
    """CONNECT; return (response, stream).  After a 2xx the stream is the tunnel."""
    stream = Stream(dial(proxy, timeout))
    target = authority(host, port)
    head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{extra}\r\n"
    stream.sock.sendall(head.encode() + early)
    return stream.response("CONNECT"), stream


def http_send(stream, method, url, headers="", body=b""):
    """Write one absolute-form request."""
    host = url.split("/")[2]
    stream.sock.sendall(f"{method} {url} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode() + body)


def http_request(proxy, method, url, headers="", body=b"", timeout=TIMEOUT):
    """One absolute-form request on a connection of its own; return the response."""
    stream = Stream(dial(proxy, timeout))
    with stream.sock:
        http_send(stream, method, url, headers, body)
        return stream.response(method)


def http_get(stream, host, path="/"):
    """One origin-form GET on an established tunnel."""
    stream.sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return stream.response()
