"""The WireGuard side, against wireguard-go in both roles."""

import hashlib
import os
import socket
import threading

import pytest

import servers
from clients import SocksError, http_get, read_all, socks5
from dnsd import A, DnsServer
from httpio import Stream
from icmp import Responder, error4
from netlab import (FAR_IP, FAR_IP6, NGINX, NODE_IP, ORIGIN, ORIGIN6, SILENT, genkey, pubkey,
                    wait_for)
from node import free_port, section


def fetch(node, host=ORIGIN, **kwargs):
    with socks5(node.socks, host, 80, **kwargs) as sock:
        assert http_get(Stream(sock), host).status == 200


class Download:
    """A paced transfer: a server that sends `total` bytes as the client takes them."""

    def __init__(self, node, nginx_host, path="/mid.bin"):
        # A peer that moved or restarted is found again within 15 to 40 s, by its timers.
        self.sock = socks5(node.socks, nginx_host, 80, timeout=90)
        self.sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {nginx_host}\r\n\r\n".encode())
        self.stream = Stream(self.sock)
        self.length = int(self.stream.head().get("Content-Length"))
        self.digest = hashlib.sha256()
        self.got = 0

    def read(self, count):
        data = self.stream.exactly(min(count, self.length - self.got))
        self.digest.update(data)
        self.got += len(data)

    def rest(self):
        while self.got < self.length:
            self.read(1 << 20)
        self.sock.close()
        return self.digest.hexdigest()


def test_outer_ipv6(make_node, own_far, origin):
    """The far end speaks nothing else: Debian 13's wireguard-go, once it has sent over IPv4, sends to
    the first 4 bytes of an IPv6 address and zeros."""
    fetch(make_node(far=own_far, endpoint=f"[{FAR_IP6}]:{own_far.port}"))


def test_inner_ipv6(node):
    fetch(node, ORIGIN6)


def test_preshared_key(make_node, lab, origin):
    far = lab.new_far(psk=True)
    try:
        fetch(make_node(far=far))
    finally:
        far.stop()


def test_wrong_preshared_key_never_comes_up(make_node, lab, origin):
    far = lab.new_far(psk=True)
    try:
        node = make_node(far=far, interface={"ConnectTimeout": 3},
                         peer={"PresharedKey": genkey()})
        with pytest.raises(SocksError) as caught:
            fetch(node)
        assert caught.value.code == 1
    finally:
        far.stop()


def test_far_end_initiates(make_node, far, origin):
    """culvert has a port and no endpoint; wireguard-go knows the way and keeps it alive."""
    port = free_port("0.0.0.0", socket.SOCK_DGRAM)
    node = make_node(endpoint=None, listen_port=port)
    # Not before the node listens: a lost first handshake costs half of ConnectTimeout, a second
    # one all of it.
    far.call(node.public, f"{NODE_IP}:{port}")
    fetch(node)


def test_both_ends_initiate_at_once(make_node, far, origin):
    port = free_port("0.0.0.0", socket.SOCK_DGRAM)
    node = make_node(listen_port=port, far_knows_endpoint=True)
    for _ in range(20):
        fetch(node)


@pytest.mark.parametrize("mtu", [1280, 1420, 9000])
def test_mtu(make_node, serve, mtu):
    server = serve(servers.answer_after_end)
    node = make_node(interface={"MTU": mtu})
    with socks5(node.socks, ORIGIN, server.port) as sock:
        sock.sendall(b"x" * 2_000_000)
        sock.shutdown(socket.SHUT_WR)
        assert read_all(sock).split()[0] == b"2000000"


def test_restart_of_the_peer_in_mid_transfer(make_node, own_far, nginx, mid_file, origin):
    """All sessions of the far end are lost; TCP inside goes on where it was."""
    node = make_node(far=own_far)
    download = Download(node, NGINX)
    download.read(100 << 20)
    own_far.restart()
    assert download.rest() == mid_file.sha256
    fetch(node)


def test_far_end_roams_in_mid_transfer(make_node, own_far, lab, nginx, mid_file):
    """The far address changes under way; culvert follows the authenticated source."""
    node = make_node(far=own_far)
    download = Download(node, NGINX)
    download.read(50 << 20)
    lab.far_ip("addr", "add", "10.77.0.11/24", "dev", lab.far_dev)
    try:
        lab.far_ip("addr", "del", FAR_IP + "/24", "dev", lab.far_dev)
        # The secondary address of a subnet goes with the primary one unless promoted.
        lab.far_ip("addr", "replace", "10.77.0.11/24", "dev", lab.far_dev)
        assert download.rest() == mid_file.sha256
    finally:
        lab.far_ip("addr", "replace", FAR_IP + "/24", "dev", lab.far_dev)
        lab.far_ip("addr", "del", "10.77.0.11/24", "dev", lab.far_dev)
        lab.far_ip("addr", "replace", FAR_IP + "/24", "dev", lab.far_dev)


def test_node_roams_in_mid_transfer(make_node, own_far, lab, nginx, mid_file):
    """The node's own address changes; the far end sees and follows it."""
    node = make_node(far=own_far)
    download = Download(node, NGINX)
    download.read(50 << 20)
    try:
        lab.node_ip("addr", "del", NODE_IP + "/24", "dev", lab.node_dev)
        lab.node_ip("addr", "add", "10.77.0.12/24", "dev", lab.node_dev)
        assert download.rest() == mid_file.sha256
        assert own_far.show("endpoints")[node.public].startswith("10.77.0.12:")
    finally:
        lab.node_ip("addr", "flush", "dev", lab.node_dev, "scope", "global")
        lab.node_ip("addr", "add", NODE_IP + "/24", "dev", lab.node_dev)
        lab.node_ip("addr", "add", "fd77::2/64", "dev", lab.node_dev, "nodad")


def test_request_before_the_tunnel_waits_then_succeeds(make_node, own_far, origin):
    """The far end is down when the request comes, and starts while it waits."""
    where = ("127.0.0.1", free_port())
    text = make_node.settings(far=own_far, interface={"ConnectTimeout": 25})
    own_far.kill()
    node = make_node.start(text + section("Socks5", BindAddress=f"127.0.0.1:{where[1]}"), where)
    node.socks = where
    outcome = []

    def request():
        try:
            fetch(node)
            outcome.append("served")
        except SocksError as error:
            outcome.append(error.code)

    thread = threading.Thread(target=request)
    thread.start()
    assert not outcome
    own_far.start()
    thread.join()
    assert outcome == ["served"]


def test_dead_peer_does_not_delay_another(make_node, far, lab, origin):
    """Two peers, one silent: dials to it hang alone."""
    with lab.far_socket(kind=socket.SOCK_DGRAM) as silent:
        silent.bind((FAR_IP, 0))
        extra = section("Peer", PublicKey=pubkey(genkey()), AllowedIPs="10.66.0.0/16",
                        Endpoint=f"{FAR_IP}:{silent.getsockname()[1]}")
        # Longer than twenty fetches take on a machine that has much else to do.
        node = make_node(extra=extra, interface={"ConnectTimeout": 10})
        codes = []

        def dead():
            try:
                socks5(node.socks, "10.66.0.1", 80)
            except SocksError as error:
                codes.append(error.code)

        threads = [threading.Thread(target=dead) for _ in range(20)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            fetch(node)
        assert not codes
        for thread in threads:
            thread.join()
        assert codes == [1] * 20


def test_source_address_outside_allowed_ips_is_dropped(lab, far, make_node, origin):
    """A peer may only speak from its allowed addresses: no ICMP, no RST from elsewhere."""
    node = make_node(peer={"AllowedIPs": "10.100.0.53/32, 10.98.3.0/24"},
                     interface={"ConnectTimeout": 2})
    # The error's source is ORIGIN, which this peer does not own.
    responder = Responder(lab, far, SILENT, lambda packet: error4(packet, 3, 1))
    try:
        with pytest.raises(SocksError) as caught:
            socks5(node.socks, SILENT, 80)
        assert caught.value.code == 4 and responder.seen >= 1
    finally:
        responder.close()


def test_endpoint_by_name(make_node, far, lab, spawn, origin):
    """localhost is ::1 and 127.0.0.1; only IPv4 leads anywhere: both families are tried."""
    port = free_port("127.0.0.1", socket.SOCK_DGRAM)
    relay = UdpRelay(("127.0.0.1", port), (FAR_IP, far.port))
    try:
        fetch(make_node(endpoint=f"localhost:{port}"))
    finally:
        relay.close()


class UdpRelay:
    """One client's datagrams to and from a target."""

    def __init__(self, listen, target):
        self.near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.near.bind(listen)
        self.away = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.away.connect(target)
        self.client = None
        for function in (self._out, self._back):
            threading.Thread(target=function, daemon=True).start()

    def _out(self):
        try:
            while True:
                data, self.client = self.near.recvfrom(65536)
                if not data:
                    return
                self.away.send(data)
        except OSError:
            pass

    def _back(self):
        try:
            while data := self.away.recv(65536):
                self.near.sendto(data, self.client)
        except OSError:
            pass

    def close(self):
        for sock in (self.near, self.away):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()


def private_resolver(folder, address):
    """A command prefix that gives a process a resolv.conf of its own."""
    path = os.path.join(folder, "resolv.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"nameserver {address}\noptions timeout:1 attempts:1\n")
    os.chmod(path, 0o644)
    return ["unshare", "-m", "sh", "-c",
            f"mount --bind {path} $(readlink -f /etc/resolv.conf) && exec \"$0\" \"$@\""]


def test_endpoint_that_does_not_resolve_at_start_is_retried(make_node, far, culvert, origin):
    """The name appears later: culvert starts all the same, and comes up by itself."""
    address = "127.0.0.53"
    server = DnsServer(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(), address)
    try:
        node = make_node(endpoint=f"gate.example:{far.port}", interface={"ConnectTimeout": 30},
                         start={"wrapper": private_resolver(culvert.folder(), address)})
        wait_for(lambda: server.count("gate.example") >= 1, what="a first question")
        assert node.process.poll() is None
        server.records["gate.example"] = [(A, FAR_IP, 1)]
        fetch(node, timeout=40)
    finally:
        server.close()
