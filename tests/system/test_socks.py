"""SOCKS 4, 4a and 5, passwords on each front end, one port for all."""

import os
import socket
import subprocess

import pytest

from clients import (SocksError, basic, dial, exactly, http_connect, http_get, http_request, socks4,
                     socks5, socks5_address, socks5_reply)
from httpio import Stream
from netlab import ORIGIN, ORIGIN6
from node import section

LOGIN = ("someone", "p#ss;word with space")


def works(sock, host=ORIGIN):
    with sock:
        assert http_get(Stream(sock), host).status == 200


@pytest.mark.parametrize("host", [ORIGIN, ORIGIN6, "origin.test", "v6.test", "V4.Test"])
def test_socks5_connect(node, host):
    works(socks5(node.socks, host, 80))


@pytest.mark.parametrize("host", [ORIGIN, "origin.test"])
def test_socks4(node, host):
    works(socks4(node.socks, host, 80))
    works(socks4(node.socks, host, 80, user=b"somebody"))


def test_socks4_refusal_is_91(node):
    with pytest.raises(SocksError) as caught:
        socks4(node.socks, ORIGIN, 9)
    assert caught.value.code == 91


def test_whole_conversation_in_one_segment(node):
    """A client may send greeting, request and first data at once."""
    with dial(node.socks) as sock:
        sock.sendall(b"\x05\x01\x00\x05\x01\x00" + socks5_address(ORIGIN, 80) +
                     f"GET /x HTTP/1.1\r\nHost: {ORIGIN}\r\n\r\n".encode())
        assert exactly(sock, 2) == b"\x05\x00"
        socks5_reply(sock)
        assert Stream(sock).response().status == 200


def test_conversation_byte_by_byte(node):
    with dial(node.socks) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"\x05\x02\x00\x02":
            sock.send(bytes([byte]))
        assert exactly(sock, 2) == b"\x05\x00"
        for byte in b"\x05\x01\x00" + socks5_address("origin.test", 80):
            sock.send(bytes([byte]))
        socks5_reply(sock)
        assert http_get(Stream(sock), ORIGIN).status == 200


@pytest.fixture
def locked(make_node, origin, dns):
    return make_node(login=LOGIN, kinds=("Socks5", "http", "Mixed"))


@pytest.mark.parametrize("kind", ["socks", "mixed"])
class TestSocksPassword:
    def test_right(self, locked, kind):
        works(socks5(getattr(locked, kind), ORIGIN, 80, *LOGIN))

    @pytest.mark.parametrize("login", [("someone", "wrong"), ("someone", ""), ("", ""),
                                       ("other", LOGIN[1]), ("someone", LOGIN[1][:-1]),
                                       ("someone", LOGIN[1] + "x"), ("s" * 255, "p" * 255)])
    def test_wrong(self, locked, kind, login):
        with pytest.raises(SocksError) as caught:
            socks5(getattr(locked, kind), ORIGIN, 80, *login)
        assert caught.value.code == 256

    def test_none_offered(self, locked, kind):
        with pytest.raises(SocksError) as caught:
            socks5(getattr(locked, kind), ORIGIN, 80)
        assert caught.value.code == 255

    def test_socks4_is_refused(self, locked, kind):
        with pytest.raises((SocksError, EOFError, ConnectionError)):
            socks4(getattr(locked, kind), ORIGIN, 80)


@pytest.mark.parametrize("kind", ["http", "mixed"])
class TestHttpPassword:
    def test_right(self, locked, kind):
        where = getattr(locked, kind)
        assert http_request(where, "GET", f"http://{ORIGIN}/", basic(*LOGIN)).status == 200
        response, stream = http_connect(where, ORIGIN, 80, basic(*LOGIN))
        assert response.status == 200 and http_get(stream, ORIGIN).status == 200

    @pytest.mark.parametrize("header", [
        "", basic("someone", "wrong"), basic("other", LOGIN[1]), basic("someone", LOGIN[1] + "x"),
        "Proxy-Authorization: Basic !!!\r\n", "Proxy-Authorization: Bearer abc\r\n",
        "Proxy-Authorization: Basic\r\n"])
    def test_wrong_is_407(self, locked, kind, header):
        where = getattr(locked, kind)
        response, stream = http_connect(where, ORIGIN, 80, header)
        stream.sock.close()
        assert response.status == 407
        assert response.get("Proxy-Authenticate", "").lower().startswith("basic")
        assert http_request(where, "GET", f"http://{ORIGIN}/", header).status == 407


def test_mixed_tells_protocols_apart(make_node, origin, dns):
    node = make_node(kinds=("Mixed",))
    works(socks5(node.mixed, "origin.test", 80))
    works(socks4(node.mixed, ORIGIN, 80))
    works(socks4(node.mixed, "origin.test", 80))
    assert http_request(node.mixed, "GET", "http://origin.test/").status == 200
    assert http_connect(node.mixed, ORIGIN, 80)[0].status == 200


def test_unix_socket_listener(make_node, culvert, origin):
    path = os.path.join(culvert.folder(), "proxy.sock")
    make_node.start(make_node.settings() + section("Mixed", BindAddress=f"unix:{path}"), path)
    works(socks5(path, ORIGIN, 80))
    assert http_request(path, "GET", f"http://{ORIGIN}/").status == 200


def test_ipv6_listener(make_node, origin):
    node = make_node(bind="::1")
    works(socks5(node.socks, ORIGIN, 80))


def test_default_listener(make_node, origin):
    """A file without listeners gets [Mixed] on 127.0.0.1:1080, and the log says so."""
    node = make_node.start(make_node.settings(), ("127.0.0.1", 1080))
    works(socks5(("127.0.0.1", 1080), ORIGIN, 80))
    assert b"127.0.0.1:1080" in node.output()


def test_curl_with_password(locked):
    user = f"{LOGIN[0]}:{LOGIN[1]}"
    for kind, where in (("http", locked.http), ("socks5h", locked.socks), ("http", locked.mixed)):
        done = subprocess.run(["curl", "-sS", "-m", "20", "--noproxy", "", "-U", user, "-x",
                               f"{kind}://{where[0]}:{where[1]}", f"http://{ORIGIN}/"],
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
