"""What takes minutes: real rekeys, floods of handshakes.  Run by .ci/run."""

import contextlib
import hashlib
import os
import re
import shutil
import socket
import struct
import subprocess
import threading
from base64 import b64decode

import pytest

import servers
from clients import SocksError, http_get, socks5
from httpio import Stream
from netlab import FAR_IP, NODE_IP, NODE_IP6, ORIGIN, wait_for
from node import free_port

pytestmark = pytest.mark.slow

INITIATION, COOKIE_REPLY = 1, 3


def initiation(responder_public):
    """A handshake initiation with a right mac1 and nothing else right (paper, 5.4.2, 5.4.4)."""
    body = struct.pack("<II", INITIATION, 7) + os.urandom(32 + 48 + 28)
    key = hashlib.blake2s(b"mac1----" + b64decode(responder_public)).digest()
    return body + hashlib.blake2s(body, key=key, digest_size=16).digest() + bytes(16)


class Flood:
    """Handshake initiations as fast as one thread can; counts cookie replies."""

    def __init__(self, sock, target, responder_public):
        self.sock, self.target = sock, target
        self.messages = [initiation(responder_public) for _ in range(64)]
        self.cookies, self.sent, self.stopping = 0, 0, False
        sock.settimeout(0.2)
        self.threads = [threading.Thread(target=f, daemon=True) for f in (self._send, self._read)]
        for thread in self.threads:
            thread.start()

    def _send(self):
        while not self.stopping:
            try:
                for message in self.messages:
                    self.sock.sendto(message, self.target)
                self.sent += len(self.messages)
            except OSError:
                continue  # a full queue

    def _read(self):
        while not self.stopping:
            try:
                data = self.sock.recv(2048)
            except OSError:
                continue
            self.cookies += len(data) == 64 and data[0] == COOKIE_REPLY

    def close(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()
        self.sock.close()


def test_handshake_with_wireguard_go_under_load(make_node, own_far, lab, origin):
    """wireguard-go answers with a cookie; culvert comes back with mac2."""
    sock = lab.far_socket(kind=socket.SOCK_DGRAM)
    sock.bind((FAR_IP, 0))
    flood = Flood(sock, (FAR_IP, own_far.port), own_far.public)
    try:
        wait_for(lambda: flood.cookies > 10, 30, "wireguard-go under load")
        node = make_node(far=own_far, interface={"ConnectTimeout": 60})
        with socks5(node.socks, ORIGIN, 80, timeout=90) as stream:
            assert http_get(Stream(stream), ORIGIN).status == 200
        assert flood.cookies > 10
    finally:
        flood.close()


def test_culvert_under_load_sends_cookies_and_serves_its_peer(make_node, own_far, lab, origin):
    """The flood gets cookies only; wireguard-go comes through with mac2."""
    port = free_port("0.0.0.0", socket.SOCK_DGRAM)
    node = make_node(far=own_far, endpoint=None, listen_port=port, far_knows_endpoint=True,
                     interface={"ConnectTimeout": 60})
    with socks5(node.socks, ORIGIN, 80, timeout=90) as held:
        flood = Flood(lab.far_socket(kind=socket.SOCK_DGRAM), (NODE_IP, port), node.public)
        try:
            wait_for(lambda: flood.cookies > 10, 30, "culvert under load")
            held.sendall(f"GET / HTTP/1.1\r\nHost: {ORIGIN}\r\n\r\n".encode())
            assert Stream(held).response().status == 200, "the session in use must go on"
            own_far.restart()  # a new handshake has to pass the flood
            with socks5(node.socks, ORIGIN, 80, timeout=90) as fresh:
                assert http_get(Stream(fresh), ORIGIN).status == 200
        finally:
            flood.close()
    assert node.output().count(b"\n") < 100, "the flood fills the log"


def test_rekey_in_both_roles(make_node, far, own_far, serve):
    """Streams in use go through three rekeys without a lost byte (REKEY_AFTER_TIME is 120 s)."""
    server = serve(servers.echo)
    port = free_port("0.0.0.0", socket.SOCK_DGRAM)
    nodes = [(make_node(), far),
             (make_node(far=own_far, endpoint=None, listen_port=port, far_knows_endpoint=True),
              own_far)]
    streams, handshakes = [], {}
    for node, end in nodes:
        streams.append(socks5(node.socks, ORIGIN, server.port, timeout=30))
        handshakes[node.public] = {end.show("latest-handshakes")[node.public]}

    def rekeyed():
        for (node, end), sock in zip(nodes, streams):
            block = os.urandom(30_000)
            sock.sendall(block)
            assert Stream(sock).exactly(len(block)) == block
            handshakes[node.public].add(end.show("latest-handshakes")[node.public])
        return all(len(times) >= 4 for times in handshakes.values())

    wait_for(rekeyed, 450, "three rekeys", interval=0.2)
    for sock in streams:
        sock.close()


def test_idle_tunnel_works_after_its_keys_expired(make_node, far, serve):
    """No traffic for longer than REJECT_AFTER_TIME (180 s): a connection held open goes on."""
    node = make_node()
    server = serve(servers.echo)
    with socks5(node.socks, ORIGIN, server.port, timeout=60) as sock:
        idle = threading.Event()
        assert not idle.wait(190), "nothing sets it: this is the idle time that is tested"
        sock.sendall(b"still there")
        assert sock.recv(100) == b"still there"


def test_silent_remote_is_found_dead(make_node, own_far, lab, serve):
    """Behind a tunnel that works: an established idle stream ends within 75 s."""
    node = make_node(far=own_far)
    server = serve(servers.echo)
    with socks5(node.socks, ORIGIN, server.port, timeout=100) as sock:
        sock.sendall(b"x")
        assert sock.recv(1) == b"x"
        # What the remote answers gets lost; the far end of the tunnel itself still speaks.
        lab.far_ip("route", "add", "blackhole", f"{node.ip4}/32")
        try:
            assert sock.recv(1) == b""
        except ConnectionResetError:
            pass
        finally:
            lab.far_ip("route", "del", "blackhole", f"{node.ip4}/32")


def test_a_thousand_new_connections_a_second_to_one_destination(node, nginx):
    """More of them than there are ports, so places in TIME_WAIT are taken over."""
    hey = shutil.which("hey")
    if not hey:
        pytest.skip("hey is not installed")
    host, port = node.http
    done = subprocess.run(
        [hey, "-disable-keepalive", "-x", f"http://{host}:{port}", "-c", "50", "-q", "21",
         "-n", "80000", f"http://{nginx}/none"], capture_output=True, text=True, check=True)
    assert re.search(r"\[404\]\s+80000 responses", done.stdout), done.stdout


@contextlib.contextmanager
def outage(lab):
    """The cable between the two hosts is out."""
    lab.node_ip("link", "set", lab.node_dev, "down")
    try:
        yield
    finally:
        lab.node_ip("link", "set", lab.node_dev, "up")
        lab.node_ip("addr", "replace", NODE_IP6 + "/64", "dev", lab.node_dev, "nodad")


def echo(stream, text):
    stream.sock.sendall(text)
    assert stream.exactly(len(text)) == text


def test_an_outage_ends_no_connection(make_node, own_far, lab, serve):
    """Idle, or with bytes on their way: after two minutes without a path both go on at once."""
    server = serve(servers.echo)
    node = make_node(far=own_far)
    idle, busy = (Stream(socks5(node.socks, ORIGIN, server.port)) for _ in range(2))
    for stream in (idle, busy):
        stream.sock.settimeout(30)
        echo(stream, b"before")
    with outage(lab):
        busy.sock.sendall(b"meanwhile")
        node.wait_log("no answer any more; 2 open connections are kept", timeout=40)
        with pytest.raises(socket.timeout):
            busy.sock.settimeout(100)
            busy.sock.recv(1)
        busy.sock.settimeout(30)
    assert busy.exactly(9) == b"meanwhile"
    echo(idle, b"after")
    echo(busy, b"after")


def test_an_outage_of_outage_timeout_ends_connections(make_node, own_far, lab, serve):
    """And the log says so; a new client meanwhile gets ConnectTimeout and the same tunnel later."""
    server = serve(servers.echo)
    node = make_node(far=own_far, interface={"OutageTimeout": 20, "ConnectTimeout": 5})
    stream = Stream(socks5(node.socks, ORIGIN, server.port))
    echo(stream, b"before")
    with outage(lab):
        stream.sock.sendall(b"meanwhile")
        node.wait_log(r"away for \d+ s; 1 open connection was ended .OutageTimeout",
                              timeout=60)
        stream.sock.settimeout(5)
        try:
            assert stream.sock.recv(1) == b""
        except ConnectionResetError:
            pass
        with pytest.raises(SocksError):
            socks5(node.socks, ORIGIN, server.port)
    echo(Stream(wait_for(lambda: reconnect(node, server), timeout=30)), b"after")


def reconnect(node, server):
    try:
        return socks5(node.socks, ORIGIN, server.port)
    except SocksError:
        return None
