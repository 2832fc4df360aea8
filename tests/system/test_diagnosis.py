"""What culvert knows of a peer that does not answer, it says: in the answer and in the log."""

import re
import signal
import socket
import struct
import time

import pytest

from clients import http_connect, http_get, socks5
from httpio import Stream
from netlab import FAR_IP, FAR_IP6, ORIGIN, sh

CLOSED = 51799  # no far end ever has it


def words(node, host=ORIGIN):
    """Status and text of a CONNECT that fails."""
    response, stream = http_connect(node.http, host, 80, timeout=60)
    stream.sock.close()
    return response.status, response.body.decode()


@pytest.mark.parametrize("endpoint", [f"{FAR_IP}:{CLOSED}", f"[{FAR_IP6}]:{CLOSED}"])
def test_port_unreachable(make_node, endpoint):
    node = make_node(endpoint=endpoint, interface={"ConnectTimeout": 2})
    status, text = words(node)
    assert status == 503
    assert f"the tunnel is not up: nothing listens on {endpoint} (ICMP port unreachable)" in text
    # After the first handshake that was lost.
    node.wait_log(rf"nothing listens on {endpoint.replace('[', '.').replace(']', '.')} .ICMP",
                  timeout=9)
    node.process.send_signal(signal.SIGUSR1)
    node.wait_log(r"ICMP errors [1-9]")
    node.wait_log(r"last heard never.*nothing listens")


@pytest.mark.parametrize("endpoint", ["192.0.2.1:51820", "[2001:db8::1]:51820"])
def test_no_route(make_node, endpoint):
    node = make_node(endpoint=endpoint, interface={"ConnectTimeout": 2})
    status, text = words(node)
    assert status == 503
    assert f"cannot send to {endpoint}: this host has no " in text
    node.wait_log("this host has no .*; will go on trying", timeout=9)


def test_forbidden_by_this_host(make_node, lab):
    lab.node_ip("route", "add", "prohibit", "192.0.2.64/26")
    try:
        node = make_node(endpoint="192.0.2.65:51820", interface={"ConnectTimeout": 2})
        status, text = words(node)
        assert status == 503
        assert "cannot send to 192.0.2.65:51820: this host's firewall or a rule" in text
    finally:
        lab.node_ip("route", "del", "prohibit", "192.0.2.64/26")


@pytest.mark.parametrize("kind, words_of_it", [
    ("unreachable", "{} cannot be reached (ICMP unreachable); check the address of Endpoint"),
    ("prohibit", "a router or firewall on the way forbids {} (ICMP)")])
@pytest.mark.parametrize("net, address, via", [("192.0.2.128/26", "192.0.2.129", FAR_IP),
                                               ("2001:db8:7::/64", "2001:db8:7::1", FAR_IP6)])
def test_icmp_of_a_router(make_node, lab, kind, words_of_it, net, address, via):
    """The far side's host is the router; it has no way, or a rule against it."""
    family = "-6" if ":" in net else "-4"
    lab.node_ip(family, "route", "add", net, "via", via)
    lab.far_ip(family, "route", "add", kind, net)
    try:
        endpoint = f"[{address}]:51820" if ":" in net else f"{address}:51820"
        node = make_node(endpoint=endpoint, interface={"ConnectTimeout": 2})
        status, text = words(node)
        assert status == 503
        assert f"the tunnel is not up: {words_of_it.format(endpoint)}" in text
        node.wait_log(re.escape(words_of_it.format(endpoint)) + ".*will go on trying", timeout=9)
    finally:
        lab.far_ip(family, "route", "del", kind, net)
        lab.node_ip(family, "route", "del", net)


def test_first_lost_handshake_is_told(make_node, lab):
    with lab.far_socket(kind=socket.SOCK_DGRAM) as silent:
        silent.bind((FAR_IP, 0))
        port = silent.getsockname()[1]
        node = make_node(endpoint=f"{FAR_IP}:{port}")
        node.wait_log(rf"no answer from {FAR_IP}:{port} to 1 handshake; check the peer's address, "
                      "port and the keys of both sides; will go on trying", timeout=9)


def test_was_up(make_node, own_far, origin):
    """The far end falls silent: first the session looks good, then it is known to be lost."""
    node = make_node(far=own_far, interface={"ConnectTimeout": 3})
    with socks5(node.socks, ORIGIN, 80) as sock:
        assert http_get(Stream(sock), ORIGIN).status == 200
    # Not killed: for a moment nothing would listen on its port, and its host would say so.
    own_far.remove_peer(node.public)
    status, text = words(node)
    assert status == 504 and text.strip().endswith("no answer in 3 s")
    # Silence of 15 s, then a handshake that is lost, too.
    node.wait_log(rf"no answer from {FAR_IP}:{own_far.port} to 1 handshake; was up until "
                  r"[0-9]+ s ago; will go on trying", timeout=40)
    status, text = words(node)
    assert status == 503
    assert "the tunnel is not up: no answer from " in text and "; was up until " in text


def test_a_session_that_is_refused(make_node, own_far, origin):
    """The far end's WireGuard ends, its host answers for it."""
    node = make_node(far=own_far, interface={"ConnectTimeout": 3})
    with socks5(node.socks, ORIGIN, 80) as sock:
        assert http_get(Stream(sock), ORIGIN).status == 200
    own_far.kill()
    status, text = words(node)
    assert status == 504
    assert f"no answer in 3 s; nothing listens on {FAR_IP}:{own_far.port} (ICMP" in text


@pytest.fixture
def one_way(make_node, own_far, origin, dns):
    """A node that the far end has no address for."""
    def make(**settings):
        node = make_node(far=own_far, **settings)
        sh("wg", "set", own_far.dev, "peer", node.public, "allowed-ips", "")
        return node
    return make


ONE_WAY = "the tunnel is up, but nothing ever came back through it: perhaps the peer's AllowedIPs"


def test_nothing_ever_came_back(one_way):
    node = one_way(interface={"ConnectTimeout": 2})
    for host in (ORIGIN, "origin.test"):
        status, text = words(node, host)
        assert status == 504 and ONE_WAY in text
    node.wait_log(f"peer .*: {ONE_WAY}")
    assert node.output().decode().count(ONE_WAY) == 1


def test_a_client_that_gives_up_has_it_logged(one_way):
    node = one_way(interface={"ConnectTimeout": 30})
    with socket.create_connection(node.http) as sock:
        sock.sendall(f"CONNECT {ORIGIN}:80 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(3.5)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    node.wait_log(f"peer .*: {ONE_WAY}")


def test_a_tunnel_that_works_is_not_blamed(make_node, origin):
    node = make_node(interface={"ConnectTimeout": 2})
    with socks5(node.socks, ORIGIN, 80) as sock:
        assert http_get(Stream(sock), ORIGIN).status == 200
    status, text = words(node, "10.98.3.1")
    assert status == 504 and text.strip().endswith("no answer in 2 s")
