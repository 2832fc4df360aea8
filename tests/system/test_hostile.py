"""Garbage, truncation and slowness at every listener: refused, bounded, and never fatal."""

import os
import random
import socket

import pytest

from clients import dial, http_request, socks5, socks5_address
from httpio import Stream
from netlab import FAR_IP, NODE_IP, ORIGIN, wait_for
from node import free_port
from servers import reset

SOCKS5_TALK = b"\x05\x01\x00\x05\x01\x00" + socks5_address("origin.test", 80)
SOCKS4_TALK = b"\x04\x01\x00\x50\x00\x00\x00\x01user\0origin.test\0"
HTTP_TALK = f"GET http://{ORIGIN}/ HTTP/1.1\r\nHost: {ORIGIN}\r\n\r\n".encode()
CONNECT_TALK = f"CONNECT {ORIGIN}:80 HTTP/1.1\r\nHost: {ORIGIN}\r\n\r\n".encode()
POST_TALK = (f"POST http://{ORIGIN}/ HTTP/1.1\r\nHost: {ORIGIN}\r\nTransfer-Encoding: chunked\r\n"
             "\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n").encode()


@pytest.fixture
def node(make_node, origin, dns):
    return make_node(kinds=("Socks5", "http", "Mixed"))


def still_works(node):
    assert node.process.poll() is None, node.output().decode(errors="replace")
    with socks5(node.socks, ORIGIN, 80), socks5(node.mixed, ORIGIN, 80):
        assert http_request(node.http, "GET", f"http://{ORIGIN}/").status == 200


@pytest.mark.parametrize("kind", ["socks", "http", "mixed"])
class TestListener:
    def test_every_truncation(self, node, kind):
        where, before = getattr(node, kind), None
        for talk in (SOCKS5_TALK, SOCKS4_TALK, HTTP_TALK, CONNECT_TALK, POST_TALK):
            for length in range(len(talk)):
                with dial(where, timeout=20) as sock:
                    sock.sendall(talk[:length])
                    sock.shutdown(socket.SHUT_WR)
                    try:
                        while sock.recv(4096):
                            pass
                    except ConnectionResetError:
                        pass
            before = before or node.descriptors()
        still_works(node)
        wait_for(lambda: node.descriptors() <= before + 4, 20, "descriptors closed")

    def test_garbage(self, node, kind):
        source = random.Random(kind)
        for number in range(300):
            garbage = source.randbytes(source.randrange(1, 4000))
            if number % 3 == 0:
                garbage = bytes([source.choice([4, 5, 71])]) + garbage
            with dial(getattr(node, kind), timeout=20) as sock:
                try:
                    sock.sendall(garbage)
                    sock.shutdown(socket.SHUT_WR)
                    while sock.recv(4096):
                        pass
                except (ConnectionResetError, BrokenPipeError):
                    pass
        still_works(node)

    def test_mutated_requests(self, node, kind):
        source = random.Random(kind)
        for number in range(300):
            talk = bytearray((SOCKS5_TALK, SOCKS4_TALK, HTTP_TALK, POST_TALK)[number % 4])
            for _ in range(source.randrange(1, 4)):
                talk[source.randrange(len(talk))] = source.randrange(256)
            with dial(getattr(node, kind), timeout=20) as sock:
                try:
                    sock.sendall(talk)
                    sock.shutdown(socket.SHUT_WR)
                    while sock.recv(4096):
                        pass
                except (ConnectionResetError, BrokenPipeError):
                    pass
        still_works(node)

    def test_endless_input_is_cut_off(self, node, kind):
        """A request without end must not be stored without end."""
        with dial(getattr(node, kind), timeout=20) as sock:
            block = b"GET " + b"a" * 65536
            idle = node.status_kb()

            def cut_off():
                try:
                    for _ in range(100):
                        sock.sendall(block)
                    return False
                except (BrokenPipeError, ConnectionResetError):
                    return True

            # What follows an error may be read and dropped for a moment, so that the client
            # sees the answer; it must not go on for ever.
            wait_for(cut_off, 60, "end of the connection")
            assert node.status_kb() - idle < 2048
        still_works(node)

    def test_abrupt_resets(self, node, kind):
        for talk in (SOCKS5_TALK, HTTP_TALK, CONNECT_TALK):
            for length in (0, 1, len(talk) - 1, len(talk)):
                for _ in range(5):
                    sock = dial(getattr(node, kind))
                    sock.sendall(talk[:length])
                    reset(sock)
        still_works(node)


def drip(where, talk, limit):
    """One byte per second until the proxy closes; return the seconds that took and its words.

    The gap is a wait for the proxy's answer with a limit of one second, not a sleep.
    """
    heard = b""
    with dial(where) as sock:
        sock.settimeout(1)
        for second in range(limit):
            try:
                sock.send(talk[second % len(talk):][:1])
                data = sock.recv(4096)
                if not data:
                    return second, heard
                heard += data
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                return second, heard
    raise AssertionError(f"still open after {limit} s")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["socks", "http", "mixed"])
def test_one_byte_per_second_is_ended(node, kind):
    """The limit covers the whole handshake or head, so steady dripping does not renew it."""
    talk = HTTP_TALK[:-4] + b"\r\nX: " + b"a" * 500
    if kind == "socks":
        talk = b"\x05\xff" + bytes(255)
    _, heard = drip(getattr(node, kind), talk, 120)
    if heard and kind != "socks":
        assert b" 408 " in heard
    still_works(node)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["socks", "http", "mixed"])
def test_silent_client_is_ended(node, kind):
    with dial(getattr(node, kind), timeout=120) as sock:
        try:
            heard = Stream(sock).to_end()
        except ConnectionResetError:  # an end as well: nothing was said that could be lost
            heard = b""
    assert not heard or b" 408 " in heard


def test_garbage_at_the_wireguard_port(make_node, lab, origin):
    """Datagrams of all types and lengths, from a stranger, change nothing."""
    port = free_port("0.0.0.0", socket.SOCK_DGRAM)
    node = make_node(listen_port=port)
    still = socks5(node.socks, ORIGIN, 80)
    source = random.Random(1)
    with lab.far_socket(kind=socket.SOCK_DGRAM) as sock:
        sock.bind((FAR_IP, 0))
        lengths = [0, 1, 3, 4, 15, 16, 31, 32, 63, 64, 65, 91, 92, 93, 147, 148, 149, 1500, 9000]
        for kind in range(6):
            for length in lengths:
                datagram = bytes([kind, 0, 0, 0]) + source.randbytes(length)
                sock.sendto(datagram[:length], (NODE_IP, port))
        for _ in range(2000):
            sock.sendto(source.randbytes(source.randrange(1, 1500)), (NODE_IP, port))
    with still:
        still.sendall(f"GET / HTTP/1.1\r\nHost: {ORIGIN}\r\n\r\n".encode())
        assert Stream(still).response().status == 200
    lines = node.output().count(b"\n")
    assert lines < 50, "an outsider can fill the log"


def test_garbage_inside_the_tunnel(lab, far, make_node, origin):
    """Authenticated but malformed inner packets are dropped."""
    node = make_node()
    with socks5(node.socks, ORIGIN, 80):
        pass
    source = random.Random(2)
    with lab.far_socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        for number in range(2000):
            body = bytearray(source.randbytes(source.randrange(20, 1300)))
            body[0] = 0x40 | source.randrange(5, 16)
            if number % 2:
                body[0], body[9] = 0x45, source.choice([1, 6, 17, 58])
                body[6] &= 0x20
            body[12:16] = socket.inet_aton(ORIGIN)
            body[16:20] = socket.inet_aton(node.ip4)
            try:
                sock.sendto(bytes(body), (node.ip4, 0))
            except OSError:
                continue  # the kernel would not send this one
    with socks5(node.socks, ORIGIN, 80) as sock:
        sock.sendall(f"GET / HTTP/1.1\r\nHost: {ORIGIN}\r\n\r\n".encode())
        assert Stream(sock).response().status == 200
    assert os.path.exists(f"/proc/{node.process.pid}")
