"""Clients that have gone: what they held is given back, and nothing waits for them."""

import os
import re
import signal
import socket
import threading

import pytest

import servers
from clients import basic, dial, http_connect, http_get, socks5, socks5_address, socks5_login
from httpio import Stream
from netlab import ORIGIN, SILENT, wait_for
from node import free_port, section

CHUNK = bytes(1 << 16)
END_KINDS = ["fin", "rst"]


def end(sock, kind):
    if kind == "rst":
        servers.reset(sock)
    else:
        sock.close()


def silent(sock):
    """Neither reads nor writes until the other side is gone for good."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    silent.left.wait(60)


silent.left = threading.Event()


@pytest.fixture(autouse=True)
def let_silent_servers_go():
    silent.left.clear()
    yield
    silent.left.set()


def streams(node):
    """Connections inside the tunnel, as the status log says."""
    before = node.output().count(b"memory:")
    node.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: node.output().count(b"memory:") > before, what="status")
    return int(re.findall(rb"memory:.* (\d+) streams", node.output())[-1])


def fill(sock):
    """Write until the other side takes no more."""
    sock.settimeout(1)
    try:
        for _ in range(4000):
            sock.sendall(CHUNK)
    except TimeoutError:
        return
    raise AssertionError("the origin reads")


def start_socks(node, host, port):
    return socks5(node.socks, host, port)


def start_forward(node, host, port):
    del host, port
    return dial(node.forward)


def start_connect(node, host, port):
    response, stream = http_connect(node.http, host, port)
    assert response.status == 200
    return stream.sock


def start_put(node, host, port):
    sock = dial(node.http)
    sock.sendall(f"PUT http://{host}:{port}/ HTTP/1.1\r\nHost: {host}\r\n"
                 f"Content-Length: {1 << 30}\r\n\r\n".encode())
    return sock


def start_get(node, host, port):
    sock = dial(node.http)
    sock.sendall(f"GET http://{host}:{port}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return sock


STARTS = [start_socks, start_forward, start_connect, start_put]


def make(make_node, target, **kwargs):
    forward = ("127.0.0.1", free_port())
    node = make_node(extra=section("TCPClientTunnel", BindAddress=f"127.0.0.1:{forward[1]}",
                                   Target=target), **kwargs)
    # All listeners open at once; one more look at this one would be a connection to the origin.
    node.forward = forward
    return node


@pytest.mark.parametrize("start", STARTS)
def test_reset_of_an_upload_that_nobody_reads(make_node, serve, start):
    server = serve(silent)
    node = make(make_node, f"{ORIGIN}:{server.port}")
    sock = start(node, ORIGIN, server.port)
    fill(sock)
    assert streams(node) >= 1
    servers.reset(sock)
    wait_for(lambda: streams(node) == 0, 10, "the stream's end", interval=0.1)


def test_reset_of_a_request_without_an_answer(make_node, serve):
    server = serve(silent)
    node = make(make_node, f"{ORIGIN}:{server.port}")
    sock = start_get(node, ORIGIN, server.port)
    wait_for(lambda: server.accepted == 1, what="the request")
    servers.reset(sock)
    wait_for(lambda: streams(node) == 0, 10, "the stream's end", interval=0.1)


@pytest.mark.slow
def test_end_of_a_client_whose_origin_is_silent(make_node, serve):
    """What every `curl -m 5` against a hung service leaves behind: 30 s and a look."""
    server = serve(silent)
    node = make(make_node, f"{ORIGIN}:{server.port}")
    sock = start_get(node, ORIGIN, server.port)
    wait_for(lambda: server.accepted == 1, what="the request")
    sock.close()
    wait_for(lambda: streams(node) == 0, 50, "the stream's end", interval=1)
    assert b"client_gone=1" in node.output()


def dialling(node, front):
    """A client whose destination does not answer."""
    if front == "forward":
        return dial(node.forward)
    if front == "http":
        return start_get(node, SILENT, 80)
    if front == "connect":
        sock = dial(node.http)
        sock.sendall(f"CONNECT {SILENT}:80 HTTP/1.1\r\nHost: {SILENT}:80\r\n\r\n".encode())
        return sock
    sock = dial(node.socks)
    socks5_login(sock)
    sock.sendall(b"\5\1\0" + socks5_address(SILENT, 80))
    return sock


@pytest.mark.parametrize("front", ["socks", "forward", "http", "connect"])
@pytest.mark.parametrize("kind", [None, *END_KINDS])
def test_sigterm_does_not_wait_for_dials(make_node, front, kind):
    node = make(make_node, f"{SILENT}:80", interface={"ConnectTimeout": 60})
    sock = dialling(node, front)
    wait_for(lambda: streams(node) == 1, what="the dial", interval=0.05)
    if kind:
        end(sock, kind)
    node.process.send_signal(signal.SIGTERM)
    assert node.process.wait(5) == 0  # the grace period is 10 s
    assert b"grace period is over" not in node.output()
    if not kind:
        heard = Stream(sock).to_end() if front != "forward" else b""
        wants = {"socks": b"\5\1\0", "forward": b"", "http": b"HTTP/1.1 503 ",
                 "connect": b"HTTP/1.1 503 "}[front]
        assert heard.startswith(wants)
        sock.close()


def test_sigterm_does_not_wait_for_an_exchange_whose_client_left(make_node, serve):
    server = serve(silent)
    node = make(make_node, f"{ORIGIN}:{server.port}")
    sock = start_get(node, ORIGIN, server.port)
    wait_for(lambda: server.accepted == 1, what="the request")
    sock.close()
    node.process.send_signal(signal.SIGTERM)
    assert node.process.wait(5) == 0
    assert b"grace period is over" not in node.output()


def test_half_close_while_dialling_is_kept(make_node, serve):
    """`echo x | nc -N` through SOCKS and a plain port."""
    server = serve(servers.answer_after_end)
    node = make(make_node, f"{ORIGIN}:{server.port}")
    forward = dial(node.forward)
    forward.sendall(b"x\n")
    forward.shutdown(socket.SHUT_WR)
    assert Stream(forward).to_end().startswith(b"2 ")
    sock = dial(node.socks)
    sock.sendall(b"\5\1\0\5\1\0" + socks5_address(ORIGIN, server.port) + b"x\n")
    sock.shutdown(socket.SHUT_WR)
    assert Stream(sock).to_end()[12:].startswith(b"2 ")


def test_idle_timeout(make_node, serve):
    """An idle connection ends; one that moves a byte now and then does not."""
    server = serve(servers.echo)
    node = make_node(listener={"IdleTimeout": 2})
    with socks5(node.socks, ORIGIN, server.port) as idle, \
            socks5(node.socks, ORIGIN, server.port) as busy:
        idle.settimeout(0.2)

        def idle_ended():
            busy.sendall(b"x")
            assert busy.recv(1) == b"x"
            try:
                return idle.recv(1) == b""
            except TimeoutError:
                return False
            except ConnectionResetError:
                return True

        wait_for(idle_ended, 30, "the idle connection's end")
        busy.sendall(b"y")
        assert busy.recv(1) == b"y"
    streams(node)
    assert re.search(rb"connections ended:.* idle=1 ", node.output())


@pytest.mark.parametrize("kind", ["Socks5", "http", "Mixed"])
@pytest.mark.parametrize("login", [None, ("me", "s3cret-pass")])
def test_silent_clients_shut_nobody_out(make_node, origin, kind, login):
    """Far more silent clients than places, before and after one who asks."""
    node = make_node(kinds=(kind,), login=login, listener={"MaxConnections": 2})
    where = getattr(node, {"Socks5": "socks"}.get(kind, kind.lower()))
    opened = []
    try:
        for _ in range(600):
            sock = dial(where)
            if kind == "http":
                # Without a password this would be asked for one and then say nothing.
                sock.sendall(f"POST http://{ORIGIN}/ HTTP/1.1\r\nHost: x\r\n".encode())
            opened.append(sock)
        if kind == "http":
            response, stream = http_connect(where, ORIGIN, 80, basic(*login) if login else "")
            assert response.status == 200
            sock = stream.sock
        else:
            sock = socks5(where, ORIGIN, 80, *(login or ()))
        with sock:
            for _ in range(300):
                opened.append(dial(where))
            assert http_get(Stream(sock), ORIGIN).status == 200
    finally:
        for one in opened:
            one.close()
    node.process.send_signal(signal.SIGUSR1)
    node.wait_log(r"closed that had asked for nothing yet")
    assert os.path.exists(f"/proc/{node.process.pid}")


LOGIN = ("me", "s3cret-pass")


def guess(sock, kind):
    """A wrong password; sends only."""
    if kind == "socks":
        sock.sendall(b"\5\1\2\1\2me\5wrong")
    else:
        sock.sendall(f"GET http://{ORIGIN}/ HTTP/1.1\r\nHost: x\r\n"
                     f"{basic('me', 'wrong')}\r\n".encode())


@pytest.mark.parametrize("kind", ["socks", "http", "mixed"])
def test_guesses_are_slow_and_a_right_password_is_not(make_node, origin, kind):
    """Four hundred guesses at once get a handful of answers while right passwords come and go."""
    node = make_node(kinds=("Socks5", "http", "Mixed"), login=LOGIN)
    where, opened, heard = getattr(node, kind), [], 0
    try:
        for number in range(400):
            sock = dial(where)
            guess(sock, "http" if kind == "http" or (kind == "mixed" and number % 2) else "socks")
            sock.setblocking(False)
            opened.append(sock)
        for _ in range(20):
            with socks5(node.socks, ORIGIN, 80, *LOGIN, timeout=5) as good:
                assert http_get(Stream(good), ORIGIN).status == 200
        for sock in opened:
            try:
                heard += bool(sock.recv(100))
            except (BlockingIOError, ConnectionResetError):
                continue
    finally:
        for sock in opened:
            sock.close()
    # Ten a second; the machine may be slow, but not by 200 answers.
    assert heard < 200
    node.process.send_signal(signal.SIGUSR1)
    node.wait_log(r"wrong passwords: 400")


def test_the_third_wrong_password_ends_the_connection(make_node, origin):
    node = make_node(login=LOGIN)
    stream = Stream(dial(node.http))
    with stream.sock:
        for number in range(3):
            # A request without a password is no wrong one.
            stream.sock.sendall(f"GET http://{ORIGIN}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert stream.response("GET").status == 407
            guess(stream.sock, "http")
            response = stream.response("GET")
            assert response.status == 407
            assert response.has_token("Connection", "close") == (number == 2)
        assert stream.to_end() == b""
