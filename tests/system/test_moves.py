"""A peer that changes its place: two culverts over loopback, the far one behind two UDP addresses."""

import select
import socket
import threading
import time

import pytest
from node import free_port, section
from test_node_pair import FAR, NEAR, Pair, Side, read, run, serve, wait_for

# Without copies to its home the peer was found by WireGuard's timers, 15 s and a handshake later.
FOUND_WITHIN_S = 10


class Places:
    """Leads datagrams between the near node and `to`, from one of two places at a time."""

    def __init__(self, to):
        self.to, self.near, self.at = to, None, 0
        self.outer = [self.bound(), self.bound()]
        self.inner = self.bound()
        self.running = True
        threading.Thread(target=self.lead, daemon=True).start()

    @staticmethod
    def bound():
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        return sock

    def lead(self):
        while self.running:
            for sock in select.select([*self.outer, self.inner], [], [], 1)[0]:
                data, source = sock.recvfrom(65536)
                if sock is not self.inner:
                    if sock is self.outer[self.at]:
                        self.near = source
                        self.inner.sendto(data, self.to)
                elif self.near:
                    self.outer[self.at].sendto(data, self.near)


def echo(connection):
    while data := connection.recv(65536):
        connection.sendall(data)


class MovingPair(Pair):
    def __init__(self, folder, port, target):  # pylint: disable=super-init-not-called
        near_key, far_key = run("genkey"), run("genkey")
        udp, self.proxy = free_port(kind=socket.SOCK_DGRAM), ("127.0.0.1", free_port())
        self.places = Places(("127.0.0.1", udp))
        far = section("Interface", PrivateKey=far_key, Address=f"{FAR}/32", ListenPort=udp)
        far += section("Peer", PublicKey=run("pubkey", stdin=near_key.encode()),
                       AllowedIPs=f"{NEAR}/32")
        far += section("TCPServerTunnel", ListenPort=port, Target=f"127.0.0.1:{target}")
        near = section("Interface", PrivateKey=near_key, Address=f"{NEAR}/32")
        home = self.places.outer[0].getsockname()[1]
        near += section("Peer", PublicKey=run("pubkey", stdin=far_key.encode()),
                        AllowedIPs="10.99.0.0/24", Endpoint=f"127.0.0.1:{home}")
        near += section("Socks5", BindAddress=f"127.0.0.1:{self.proxy[1]}")
        self.far, self.near = Side(folder, "far", far), Side(folder, "near", near)
        wait_for(lambda: b"tunnel is up" in self.near.output(), "the tunnel")


@pytest.fixture(name="moving_pair")
def fixture_moving_pair(tmp_path):
    listener = serve(echo)
    pair = MovingPair(tmp_path, 9, listener.getsockname()[1])
    yield pair
    pair.places.running = False
    pair.finish()


@pytest.mark.slow
def test_peer_that_comes_home_in_silence_is_found_within_seconds(moving_pair):
    """The far end only answers, so it says nothing of its return; bytes go on as if it had."""
    sock, code = moving_pair.socks(9)
    assert code == 0

    def ask(text):
        started = time.monotonic()
        sock.sendall(text)
        assert read(sock, len(text)) == text
        return time.monotonic() - started

    ask(b"at home")
    moving_pair.places.at = 1
    # It finds out itself, by WireGuard's timers: nobody else can know the new place.
    sock.settimeout(60)
    ask(b"abroad")
    ask(b"abroad again")
    moving_pair.places.at = 0
    assert ask(b"at home again") < FOUND_WITHIN_S
    sock.close()
