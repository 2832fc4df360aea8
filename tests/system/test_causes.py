"""Each row of the table of causes, for SOCKS5, HTTP CONNECT and HTTP absolute form."""

import http.client
import re
import socket
import struct
import subprocess

import pytest

from clients import (ASSOCIATE, BIND, SocksError, dial, exactly, http_connect, http_get,
                     http_request, socks5, socks5_address, socks5_login, socks5_reply)
from httpio import Closed, Stream
from icmp import Responder, error4, error6
from netlab import (DNS_SILENT, FAR_IP, ORIGIN, PROHIBITED, SILENT, SILENT6, UNREACHABLE, wait_for)

FRONTS = ("socks5", "connect", "absolute")


def result(node, front, host, port, timeout=30):
    """The reply code, or the response to one attempt."""
    if front == "socks5":
        try:
            socks5(node.socks, host, port, timeout=timeout).close()
        except SocksError as error:
            return error.code
        return 0
    if front == "connect":
        response, stream = http_connect(node.http, host, port, timeout=timeout)
        stream.sock.close()
        return response
    name = f"[{host}]" if ":" in host else host
    return http_request(node.http, "GET", f"http://{name}:{port}/", timeout=timeout)


def check_words(response, host, phrase, error):
    """The start line is all that many clients show; then RFC 9209; then the body's one line."""
    line = response.body.decode()
    assert line.strip() and line.strip().count("\n") == 0, f"not one line: {line!r}"
    assert host.removeprefix("::ffff:") in line, f"the line does not say on what: {line!r}"
    assert response.start[2] == phrase
    assert re.fullmatch(rf'culvert; error={error}; details="[ -~]{{1,200}}"',
                        response.get("Proxy-Status"))


def expect(node, front, host, port, socks_code, status, phrase=None, error=None, **kwargs):
    got = result(node, front, host, port, **kwargs)
    assert (got if front == "socks5" else got.status) == (
        socks_code if front == "socks5" else status)
    if front != "socks5" and status != 200:
        check_words(got, host, phrase, error)


DENIED = "Address not allowed", "destination_ip_prohibited"
ADMIN = "Prohibited by a router or firewall", "destination_ip_prohibited"
NO_WAY = "Network or host unreachable", "destination_ip_unroutable"
REFUSED = "Connection refused", "connection_refused"
EXPIRED = "Time exceeded on the way", "destination_unavailable"


@pytest.mark.parametrize("front", FRONTS)
class TestTable:
    def test_success(self, node, front):
        expect(node, front, ORIGIN, 80, 0, 200)

    @pytest.mark.parametrize("host", ["127.0.0.1", "::1", "224.0.0.1", "ff02::1", "0.0.0.0", "::",
                                      "0.1.2.3", "::ffff:0.0.0.1", "255.255.255.255", "own",
                                      "own6", "::ffff:127.0.0.1",
                                      "loopback.test"])
    def test_denied_target(self, node, front, host):
        host = {"own": node.ip4, "own6": node.ip6}.get(host, host)
        expect(node, front, host, 80, 2, 403, *DENIED)

    def test_denied_by_icmp_prohibited(self, node, front):
        expect(node, front, PROHIBITED, 80, 2, 403, *ADMIN)

    def test_no_route(self, make_node, front):
        node = make_node(peer={"AllowedIPs": "10.100.0.0/16"})
        words = "Not in any peer's AllowedIPs", "destination_ip_unroutable"
        expect(node, front, "10.55.0.1", 80, 3, 403, *words)
        expect(node, front, "fd55::1", 80, 3, 403, *words)

    def test_no_family(self, far, make_node, front):
        node = make_node(interface={"Address": far.ip4(200)})
        expect(node, front, "fd55::1", 80, 3, 403, "Tunnel has no address of this family",
               "destination_ip_unroutable")

    def test_unreachable(self, node, front):
        expect(node, front, UNREACHABLE, 80, 4, 502, *NO_WAY)

    def test_name_not_found(self, node, front):
        expect(node, front, "nowhere.test", 80, 4, 502, "Name not found", "dns_error")

    def test_name_server_that_fails(self, node, dns, front):
        expect(node, front, "servfail.test", 80, 4, 502, "No usable answer from a name server",
               "dns_error")

    def test_refused(self, node, front):
        expect(node, front, ORIGIN, 9, 5, 502, *REFUSED)

    def test_no_answer_to_connect(self, make_node, front):
        node = make_node(interface={"ConnectTimeout": 2})
        expect(node, front, SILENT, 80, 4, 504, "No answer in 2 s", "connection_timeout")

    def test_no_answer_from_name_server(self, make_node, dns, front):
        node = make_node(interface={"DNS": DNS_SILENT, "ConnectTimeout": 2})
        expect(node, front, "origin.test", 80, 4, 504, "No name server answered", "dns_timeout")

    def test_tunnel_not_up(self, make_node, spawn_silent_udp, front):
        node = make_node(endpoint=f"{FAR_IP}:{spawn_silent_udp}", interface={"ConnectTimeout": 2})
        expect(node, front, ORIGIN, 80, 1, 503, "Tunnel not up", "destination_unavailable")

    @pytest.mark.parametrize("kind,code,socks_code,status,words", [
        (3, 0, 4, 502, NO_WAY), (3, 1, 4, 502, NO_WAY), (3, 3, 5, 502, REFUSED),
        (3, 9, 2, 403, ADMIN), (3, 10, 2, 403, ADMIN), (3, 13, 2, 403, ADMIN),
        (11, 0, 6, 504, EXPIRED)])
    def test_icmp4_error(self, lab, far, node, front, kind, code, socks_code, status, words):
        responder = Responder(lab, far, SILENT, lambda packet: error4(packet, kind, code))
        try:
            expect(node, front, SILENT, 80, socks_code, status, *words)
        finally:
            responder.close()

    @pytest.mark.parametrize("kind,code,socks_code,status,words", [
        (1, 0, 4, 502, NO_WAY), (1, 3, 4, 502, NO_WAY), (1, 1, 2, 403, ADMIN),
        (1, 4, 5, 502, REFUSED), (3, 0, 6, 504, EXPIRED)])
    def test_icmp6_error(self, lab, far, node, front, kind, code, socks_code, status, words):
        responder = Responder(lab, far, SILENT6, lambda packet: error6(packet, kind, code))
        try:
            expect(node, front, SILENT6, 80, socks_code, status, *words)
        finally:
            responder.close()

    def test_icmp_error_with_wrong_quote_is_ignored(self, lab, far, make_node, front):
        """RFC 5927: the quoted sequence number and ports must be ours."""
        node = make_node(interface={"ConnectTimeout": 2})

        def spoiled(packet):
            at = (packet[0] & 15) * 4 + 4
            wrong = struct.pack("!I", struct.unpack("!I", packet[at:at + 4])[0] ^ 0x5A5A5A5A)
            return error4(packet[:at] + wrong + packet[at + 4:], 3, 1)

        responder = Responder(lab, far, SILENT, spoiled)
        try:
            expect(node, front, SILENT, 80, 4, 504, "No answer in 2 s", "connection_timeout")
            assert responder.seen >= 1
        finally:
            responder.close()


@pytest.fixture
def spawn_silent_udp(lab):
    """A UDP port of the far end that takes everything and says nothing."""
    sock = lab.far_socket(kind=socket.SOCK_DGRAM)
    sock.bind((FAR_IP, 0))
    yield sock.getsockname()[1]
    sock.close()


def test_what_clients_show_of_a_refused_connect(node):
    """Python's client (under requests and urllib) and curl -v show the status line, no more."""
    client = http.client.HTTPConnection(*node.http, timeout=20)
    client.set_tunnel(ORIGIN, 9)
    with pytest.raises(OSError, match="502 Connection refused"):
        client.request("GET", "/")
    done = subprocess.run(["curl", "-svm", "20", "--noproxy", "", "-p", "-x",
                           f"http://{node.http[0]}:{node.http[1]}", f"http://{ORIGIN}:9/"],
                          capture_output=True, text=True, check=False)
    assert "< HTTP/1.1 502 Connection refused" in done.stderr
    assert "< Proxy-Status: culvert; error=connection_refused; details=" in done.stderr


@pytest.mark.parametrize("command", [BIND, ASSOCIATE, 0, 9])
def test_socks_command_not_supported(node, command):
    with pytest.raises(SocksError) as caught:
        socks5(node.socks, ORIGIN, 80, command=command)
    assert caught.value.code == 7


def test_socks_address_type_not_supported(node):
    with dial(node.socks) as sock:
        socks5_login(sock)
        sock.sendall(b"\x05\x01\x00\x09\x01\x02\x03\x04\x00\x50")
        assert exactly(sock, 2) == b"\x05\x08"


def test_socks_reply_carries_the_bound_address(node):
    with dial(node.socks) as sock:
        socks5_login(sock)
        sock.sendall(b"\x05\x01\x00" + socks5_address(ORIGIN, 80))
        address, port = socks5_reply(sock)
        assert address == node.ip4 and port != 0


def test_https_in_absolute_form_is_501_with_a_hint(node):
    response = http_request(node.http, "GET", f"https://{ORIGIN}/")
    assert response.status == 501 and b"CONNECT" in response.body


def test_unknown_transfer_coding_is_501(node):
    response = http_request(node.http, "POST", f"http://{ORIGIN}/",
                            "Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n")
    assert response.status == 501


def test_too_long_target_and_headers(node):
    response = http_request(node.http, "GET", f"http://{ORIGIN}/" + "a" * 70000)
    assert response.status in (414, 431)
    response = http_request(node.http, "GET", f"http://{ORIGIN}/", f"X-Long: {'a' * 70000}\r\n")
    assert response.status == 431


def attempt(node, front, timeout=1):
    """The reply code or status; None when the connection ended or stayed silent instead."""
    try:
        got = result(node, front, ORIGIN, 80, timeout)
        return got if front == "socks5" else got.status
    except (OSError, EOFError, Closed):
        return None


@pytest.mark.parametrize("front", FRONTS)
def test_connection_limit(make_node, origin, front):
    """With one place, the second connection gets 'exhausted' or nothing; then there is room."""
    node = make_node(listener={"MaxConnections": 1})
    with socks5(node.socks, ORIGIN, 80):
        held, stream = http_connect(node.http, ORIGIN, 80)
        assert held.status == 200
        assert attempt(node, front) in (None, 1, 503)
        stream.sock.close()
    wait_for(lambda: attempt(node, front) in (0, 200), what="a place again")


def test_out_of_descriptors_old_work_goes_on(make_node, origin):
    node = make_node(start={"files": 64})
    with socks5(node.socks, ORIGIN, 80) as old:
        opened = []
        try:
            for _ in range(100):
                opened.append(dial(node.socks, timeout=1))
        except OSError:
            pass
        assert http_get(Stream(old), ORIGIN).status == 200
        for sock in opened:
            sock.close()
    wait_for(lambda: attempt(node, "socks5") == 0, what="service after the shortage")
