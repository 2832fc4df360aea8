"""culvert and a gVisor netstack peer: the userspace stacks talk to each other directly."""

import os
import socket

import pytest

import servers
from clients import read_all, socks5
from netlab import NODE_IP, genkey, pubkey, wait_for
from node import free_port, section

PEER_IP = "10.66.0.2"


@pytest.fixture
def netstack(lab, spawn, tmp_path):
    """netstack(endpoint, public key, psk) -> SOCKS address of a peer in the node namespace."""
    binary = os.environ.get("NETSTACK_SOCKS")
    if not binary:
        pytest.skip("NETSTACK_SOCKS is not set: run tests/interop/run.sh")

    def start(private, endpoint, public, psk):
        port = free_port()
        path = tmp_path / "netstack.conf"
        path.write_text(f"listen = 127.0.0.1:{port}\naddress = {PEER_IP}\n"
                        f"private_key = {private}\npublic_key = {public}\npreshared_key = {psk}\n"
                        f"endpoint = {endpoint}\nallowed_ip = 0.0.0.0/0\n")
        spawn([binary, str(path)])
        wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, what="netstack")
        return "127.0.0.1", port

    return start


def test_netstack_reaches_a_service_behind_culvert(make_node, secrets, netstack):
    """netstack initiates, with a preshared key; culvert has no endpoint for it."""
    outer, target = free_port("0.0.0.0", socket.SOCK_DGRAM), free_port()
    private, psk = secrets.add(genkey()), secrets.add(genkey())
    extra = section("Peer", PublicKey=pubkey(private), PresharedKey=psk,
                    AllowedIPs=f"{PEER_IP}/32")
    extra += section("TCPServerTunnel", ListenPort=7000, Target=f"127.0.0.1:{target}")
    node = make_node(listen_port=outer, extra=extra)
    proxy = netstack(private, f"{NODE_IP}:{outer}", node.public, psk)
    server = servers.Server(socket.socket(), servers.echo, "127.0.0.1", target)
    try:
        body = os.urandom(1 << 20)
        for _ in range(10):
            with socks5(proxy, node.ip4, 7000) as sock:
                sock.settimeout(30)
                for at in range(0, len(body), 1 << 16):
                    part = body[at:at + (1 << 16)]
                    sock.sendall(part)
                    got = b""
                    while len(got) < len(part):
                        got += sock.recv(1 << 16)
                    assert got == part
    finally:
        server.close()


def test_netstack_hears_the_end(make_node, secrets, netstack):
    outer, target = free_port("0.0.0.0", socket.SOCK_DGRAM), free_port()
    private, psk = secrets.add(genkey()), secrets.add(genkey())
    extra = section("Peer", PublicKey=pubkey(private), PresharedKey=psk,
                    AllowedIPs=f"{PEER_IP}/32")
    extra += section("TCPServerTunnel", ListenPort=7000, Target=f"127.0.0.1:{target}")
    node = make_node(listen_port=outer, extra=extra)
    proxy = netstack(private, f"{NODE_IP}:{outer}", node.public, psk)
    body = os.urandom(20 << 20)
    server = servers.Server(socket.socket(), lambda sock: sock.sendall(body), "127.0.0.1", target)
    try:
        with socks5(proxy, node.ip4, 7000) as sock:
            assert read_all(sock) == body
    finally:
        server.close()
