"""[TCPClientTunnel] and [TCPServerTunnel]."""

import os
import socket

import pytest

import servers
from clients import read_all
from icmp import echo_request
from netlab import ORIGIN, wait_for
from node import free_port, section


@pytest.mark.parametrize("host", [ORIGIN, "origin.test"])
def test_client_tunnel(make_node, serve, dns, host):
    server = serve(servers.answer_after_end)
    local = ("127.0.0.1", free_port())
    text = make_node.settings() + section("TCPClientTunnel", BindAddress=f"127.0.0.1:{local[1]}",
                                          Target=f"{host.replace('origin.test', 'v4.test')}:"
                                                 f"{server.port}")
    make_node.start(text, local)
    body = os.urandom(1_000_000)
    with socket.create_connection(local, timeout=20) as sock:
        sock.sendall(body)
        sock.shutdown(socket.SHUT_WR)
        assert read_all(sock).split()[0] == b"1000000"


def test_client_tunnel_to_a_refusing_target(make_node):
    local = ("127.0.0.1", free_port())
    make_node.start(make_node.settings() + section(
        "TCPClientTunnel", BindAddress=f"127.0.0.1:{local[1]}", Target=f"{ORIGIN}:9"), local)
    try:
        with socket.create_connection(local, timeout=20) as sock:
            assert sock.recv(1) == b""
    except ConnectionResetError:  # perhaps before this process knew that it was connected
        pass


@pytest.fixture
def inbound(make_node, origin):
    """A node that offers its port 7000 as a local service; and the factory of the service."""
    port = free_port()
    node = make_node(extra=section("TCPServerTunnel", ListenPort=7000,
                                   Target=f"127.0.0.1:{port}"))
    node.wait_log("tunnel|session|up")
    node.target_port = port
    return node


def far_dial(lab, where, timeout=20):
    """Connect from the far side; the tunnel may need its first handshake."""
    family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    sock = lab.far_socket(family)
    sock.settimeout(timeout)
    try:
        sock.connect(where)
    except OSError:
        sock.close()
        raise
    return sock


@pytest.mark.parametrize("family", ["ip4", "ip6"])
def test_server_tunnel(lab, inbound, family):
    listener = socket.socket()
    server = servers.Server(listener, servers.answer_after_end, "127.0.0.1", inbound.target_port)
    try:
        body = os.urandom(1_000_000)
        with far_dial(lab, (getattr(inbound, family), 7000)) as sock:
            sock.sendall(body)
            sock.shutdown(socket.SHUT_WR)
            assert read_all(sock).split()[0] == b"1000000"
    finally:
        server.close()


def test_server_tunnel_resets_when_the_target_refuses(lab, inbound):
    with pytest.raises(ConnectionRefusedError):
        far_dial(lab, (inbound.ip4, 7000))


def test_other_ports_are_reset(lab, inbound):
    with pytest.raises(ConnectionRefusedError):
        far_dial(lab, (inbound.ip4, 7001))


def test_inbound_syn_waits_for_the_target(lab, inbound):
    """While the local target has not accepted, the far side is not connected."""
    with socket.socket() as full:
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind(("127.0.0.1", inbound.target_port))
        full.listen(0)
        fillers = []
        for _ in range(4):  # the kernel's accept queue takes backlog + 1, then drops SYNs
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", inbound.target_port))
            fillers.append(filler)
        with pytest.raises(TimeoutError):
            far_dial(lab, (inbound.ip4, 7000), timeout=2)
        for filler in fillers:
            filler.close()


@pytest.mark.parametrize("size", [0, 56, 1300])
@pytest.mark.parametrize("family", ["ip4", "ip6"])
def test_echo_request_is_answered(lab, inbound, family, size):
    payload = os.urandom(size)
    assert echo_request(lab, getattr(inbound, family), payload) == payload


def test_many_inbound(lab, inbound):
    server = servers.Server(socket.socket(), servers.echo, "127.0.0.1", inbound.target_port)
    held = []
    try:
        for _ in range(300):
            held.append(far_dial(lab, (inbound.ip4, 7000)))
        for sock in held:
            sock.sendall(b"hello")
        for sock in held:
            assert sock.recv(5) == b"hello"
        wait_for(lambda: server.accepted >= 300, what="all accepted")
    finally:
        for sock in held:
            sock.close()
        server.close()
