"""HTTP through the proxy: framing, hop-by-hop headers, keep-alive, upgrades, refusals."""

import base64
import hashlib
import json
import os
import subprocess

import pytest

from clients import (basic, dial, http_connect, http_get, http_request, http_send)
from httpio import Stream
from netlab import ORIGIN, ORIGIN2, ORIGIN6
from servers import websocket_accept

URL = f"http://{ORIGIN}"
BODY = os.urandom(300_000)


def report(response):
    assert response.status == 200, response.body
    return json.loads(response.body)


def sent_headers(response):
    return {key.lower(): value for key, value in report(response)["headers"]}


def chunked(body, trailers="", step=70_000):
    parts = [body[at:at + step] for at in range(0, len(body), step)]
    out = b"".join(f"{len(p):X}; name=\"v\"\r\n".encode() + p + b"\r\n" for p in parts)
    return out + b"0\r\n" + trailers.encode() + b"\r\n"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
def test_method_and_target(node, method):
    got = report(http_request(node.http, method, URL + "/a%20b?x=1&y=/z", "Content-Length: 0\r\n"))
    assert got["method"] == method and got["target"] == "/a%20b?x=1&y=/z"


def test_head_has_no_body(node):
    with dial(node.http) as sock:
        stream = Stream(sock)
        http_send(stream, "HEAD", URL + "/")
        response = stream.response("HEAD")
        assert response.status == 200 and int(response.get("Content-Length")) > 0
        http_send(stream, "GET", URL + "/next")
        assert report(stream.response())["target"] == "/next"


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_body_by_length(node, method):
    got = report(http_request(node.http, method, URL + "/", f"Content-Length: {len(BODY)}\r\n",
                              BODY))
    assert got["sha256"] == hashlib.sha256(BODY).hexdigest()


def test_body_chunked_with_trailers(node):
    got = report(http_request(node.http, "POST", URL + "/",
                              "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n",
                              chunked(BODY, "X-Sum: 7\r\n")))
    assert got["sha256"] == hashlib.sha256(BODY).hexdigest()
    assert ["X-Sum", "7"] in got["trailers"]


def test_response_chunked_with_trailers(node):
    response = http_request(node.http, "GET", URL + "/chunked")
    assert report(response)["target"] == "/chunked"
    assert ("X-Sum", "42") in response.trailers


def test_response_to_end_of_connection(node):
    assert report(http_request(node.http, "GET", URL + "/to-end"))["target"] == "/to-end"


def test_response_without_body_keeps_the_connection(node):
    with dial(node.http) as sock:
        stream = Stream(sock)
        for _ in range(3):
            http_send(stream, "GET", URL + "/empty")
            assert stream.response().status == 204


def test_http10_client(node):
    with dial(node.http) as sock:
        sock.sendall(f"GET {URL}/ HTTP/1.0\r\n\r\n".encode())
        stream = Stream(sock)
        response = stream.response()
        assert sent_headers(response)["host"] == ORIGIN
        assert stream.to_end() == b"", "a 1.0 client without keep-alive waits for the end"


def test_http10_client_gets_chunked_body_plain(node):
    with dial(node.http) as sock:
        sock.sendall(f"GET {URL}/chunked HTTP/1.0\r\n\r\n".encode())
        response = Stream(sock).response()
        assert not response.get("Transfer-Encoding")
        assert report(response)["target"] == "/chunked"


def test_keep_alive_across_two_origins(node):
    with dial(node.http) as sock:
        stream = Stream(sock)
        for host in (ORIGIN, ORIGIN2, ORIGIN, f"[{ORIGIN6}]", ORIGIN2):
            http_send(stream, "GET", f"http://{host}/")
            response = stream.response()
            assert response.get("X-Origin") == host.strip("[]")
            assert sent_headers(response)["host"] == host


def test_keep_alive_after_the_origin_closed(node):
    with dial(node.http) as sock:
        stream = Stream(sock)
        for path in ("/close-after", "/again"):
            http_send(stream, "GET", URL + path)
            assert report(stream.response())["target"] == path


def test_error_does_not_end_the_client_connection_or_says_so(node):
    with dial(node.http) as sock:
        stream = Stream(sock)
        http_send(stream, "GET", "http://nowhere.test/")
        response = stream.response()
        assert response.status == 502
        if not response.has_token("Connection", "close"):
            http_send(stream, "GET", URL + "/")
            assert stream.response().status == 200


def test_pipelined_requests_are_answered_in_order(node):
    with dial(node.http) as sock:
        stream = Stream(sock)
        for number in range(10):
            http_send(stream, "GET", f"http://{(ORIGIN, ORIGIN2)[number % 2]}/{number}")
        for number in range(10):
            assert report(stream.response())["target"] == f"/{number}"


def test_expect_100_continue(node):
    with dial(node.http) as sock:
        stream, interim = Stream(sock), []
        http_send(stream, "POST", URL + "/",
                  f"Expect: 100-continue\r\nContent-Length: {len(BODY)}\r\n")
        first = stream.head()
        assert first.status == 100
        sock.sendall(BODY)
        assert report(stream.response(interim=interim))["length"] == len(BODY)


def test_expect_refused_by_the_origin(node):
    with dial(node.http) as sock:
        stream = Stream(sock)
        http_send(stream, "POST", URL + "/refuse",
                  "Expect: 100-continue\r\nContent-Length: 9\r\n")
        response = stream.response()
        assert response.status == 413 and response.has_token("Connection", "close")


def test_early_hints_pass(node):
    with dial(node.http) as sock:
        stream, interim = Stream(sock), []
        http_send(stream, "GET", URL + "/hints")
        assert report(stream.response(interim=interim))["target"] == "/hints"
        assert [m.status for m in interim] == [103]


def test_hop_by_hop_headers_stop_at_the_proxy(node):
    headers = ("Connection: X-Mine, keep-alive\r\nX-Mine: 1\r\nKeep-Alive: timeout=9\r\n"
               "Proxy-Connection: keep-alive\r\nTE: gzip\r\nX-Other: 2\r\n" + basic("a", "b"))
    response = http_request(node.http, "GET", URL + "/hop", headers)
    seen = sent_headers(response)
    for name in ("x-mine", "keep-alive", "proxy-connection", "proxy-authorization"):
        assert name not in seen
    assert seen["x-other"] == "2"
    assert response.get("X-Hop") is None


def test_host_comes_from_the_target(node):
    with dial(node.http) as sock:
        sock.sendall(f"GET {URL}:80/ HTTP/1.1\r\nHost: evil.test\r\n\r\n".encode())
        headers = report(Stream(sock).response())["headers"]
    hosts = [value for key, value in headers if key.lower() == "host"]
    assert hosts in ([ORIGIN], [f"{ORIGIN}:80"])


@pytest.mark.parametrize("how", ["absolute", "connect"])
def test_websocket(node, how):
    key = base64.b64encode(os.urandom(16)).decode()
    headers = ("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               f"Sec-WebSocket-Key: {key}\r\n")
    if how == "absolute":
        stream = Stream(dial(node.http))
        http_send(stream, "GET", URL + "/ws", headers)
    else:
        response, stream = http_connect(node.http, ORIGIN, 80)
        assert response.status == 200
        stream.sock.sendall(f"GET /ws HTTP/1.1\r\nHost: {ORIGIN}\r\n{headers}\r\n".encode())
    with stream.sock:
        response = stream.response()
        assert response.status == 101
        assert response.get("Sec-WebSocket-Accept") == websocket_accept(key)
        assert stream.exactly(21) == b"hello from the server"
        for _ in range(3):
            stream.sock.sendall(BODY[:1000])
            assert stream.exactly(1000) == BODY[:1000]


def test_bytes_pipelined_after_connect_are_kept(node):
    early = f"GET /early HTTP/1.1\r\nHost: {ORIGIN}\r\n\r\n".encode()
    response, stream = http_connect(node.http, ORIGIN, 80, early=early)
    assert response.status == 200
    assert not response.get("Content-Length") and not response.get("Transfer-Encoding")
    assert report(stream.response())["target"] == "/early"


def test_connect_to_a_name(node):
    response, stream = http_connect(node.http, "origin.test", 80)
    assert response.status == 200
    assert http_get(stream, "origin.test", "/x").status == 200


@pytest.mark.parametrize("raw", [
    "GET {u} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n",
    "POST {u} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    "0\r\n\r\n",
    "POST {u} HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
    "POST {u} HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc",
    "POST {u} HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST {u} HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "POST {u} HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
    "POST {u} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "GET {u} HTTP/1.1\nHost: a\n\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",
    "GET {u} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET  {u} HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET {u}\r\n\r\n",
    "GET {u} HTTP/1.1\r\nX: no host\r\n\r\n",
    "POST {u} HTTP/1.1\r\nHost: a\r\nContent-Length: 5,\r\n\r\nhello",
    "POST {u} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n",
    "GET {u} HTTP/9.9.9\r\nHost: a\r\n\r\n",
    "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://a:b@/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://h:99999/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT {h} HTTP/1.1\r\nHost: {h}\r\n\r\n",
    "CONNECT {h}:0 HTTP/1.1\r\nHost: {h}\r\n\r\n",
    "CONNECT {h}:http HTTP/1.1\r\nHost: {h}\r\n\r\n",
    "CONNECT http://{h}:80/ HTTP/1.1\r\nHost: {h}\r\n\r\n",
])
def test_malformed_is_400_and_closed(node, raw):
    with dial(node.http) as sock:
        sock.sendall(raw.format(u=URL + "/", h=ORIGIN).encode())
        stream = Stream(sock)
        assert stream.response().status == 400
        assert stream.to_end() == b""


def test_origin_form_is_400_with_a_hint(node):
    with dial(node.http) as sock:
        sock.sendall(b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n")
        response = Stream(sock).response()
    assert response.status == 400 and b"proxy" in response.body.lower()


@pytest.mark.parametrize("chunk", ["zz\r\n", "-1\r\n", "3\r\nabcd\r\n", "3\nabc\r\n",
                                   "fffffffffffffffff\r\n", "\r\n"])
def test_malformed_chunk_never_completes(node, chunk):
    """The bad chunk may come after the origin was reached: 400, or the connection just ends."""
    with dial(node.http) as sock:
        http_send(Stream(sock), "POST", URL + "/", "Transfer-Encoding: chunked\r\n",
                  chunk.encode() + b"0\r\n\r\n")
        try:
            got = Stream(sock).to_end()
        except ConnectionResetError:
            got = b""
        assert not got or got.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("answer", [
    b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"HTTP/1.1 200 OK\r\nX: a\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000],
    ids=["nonsense", "silence", "nul", "two lengths", "mixed line ends", "empty element",
         "endless"])
def test_bad_origin_gives_502(node, serve, answer):
    def handler(sock):
        Stream(sock).request()
        sock.sendall(answer)

    server = serve(handler)
    assert http_request(node.http, "GET", f"http://{ORIGIN}:{server.port}/").status == 502


def test_an_origin_cannot_ask_for_the_proxys_password(node, serve):
    """A 407 that came through would have clients send it the password of this proxy."""
    def handler(sock):
        Stream(sock).request()
        sock.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n"
                     b"Proxy-Authenticate: Basic realm=\"proxy\"\r\n\r\n")

    server = serve(handler)
    response = http_request(node.http, "GET", f"http://{ORIGIN}:{server.port}/")
    assert response.status == 502 and response.start[2] == "Origin asks for proxy login"
    assert response.get("Proxy-Authenticate") is None


def test_more_response_fields_than_the_limit(node, serve):
    def handler(sock):
        Stream(sock).request()
        sock.sendall(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 300 + b"Content-Length: 0\r\n\r\n")

    server = serve(handler)
    response = http_request(node.http, "GET", f"http://{ORIGIN}:{server.port}/")
    assert response.status == 502 and b"more than 256 fields" in response.body


def test_trace_hides_credentials(node, serve):
    """The origin repeats what it got: to a page that had the client ask, passwords included."""
    seen = []

    def handler(sock):
        seen.append(Stream(sock).request())
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    server = serve(handler)
    headers = "Cookie: a=b\r\nAuthorization: Basic eDp5\r\nX-Mine: 1\r\n" + basic("a", "b")
    response = http_request(node.http, "TRACE", f"http://{ORIGIN}:{server.port}/", headers)
    assert response.status == 200 and seen[0].get("X-Mine") == "1"
    for name in ("Cookie", "Authorization", "Proxy-Authorization"):
        assert seen[0].get(name) is None


def test_connect_without_host(node):
    with dial(node.http) as sock:
        sock.sendall(f"CONNECT {ORIGIN}:80 HTTP/1.1\r\n\r\n".encode())
        assert Stream(sock).response("CONNECT").status == 200


def test_origin_that_breaks_off_is_visible(node, serve):
    def handler(sock):
        Stream(sock).request()
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")

    server = serve(handler)
    with dial(node.http) as sock:
        stream = Stream(sock)
        http_send(stream, "GET", f"http://{ORIGIN}:{server.port}/")
        try:
            raw = stream.to_end()
        except ConnectionResetError:
            return
        assert raw.endswith(b"only this")


def test_curl_uses_it(node, secrets):
    for args in (["-x", f"http://{node.http[0]}:{node.http[1]}", "http://origin.test/"],
                 ["-p", "-x", f"http://{node.http[0]}:{node.http[1]}", "http://origin.test/"],
                 ["--socks5-hostname", f"{node.socks[0]}:{node.socks[1]}", "http://origin.test/"],
                 ["-x", f"http://{node.http[0]}:{node.http[1]}", "-T", "/etc/hostname",
                  "-H", "Expect: 100-continue", "http://origin.test/"]):
        done = subprocess.run(["curl", "-sS", "--noproxy", "", "-m", "20", *args],
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["headers"]
