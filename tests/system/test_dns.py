"""Names, resolved inside the tunnel or by the host."""

import signal
import threading

import pytest

from clients import SocksError, http_get, http_request, socks5
from dnsd import A, AAAA
from httpio import Stream
from netlab import DNS1, DNS_SILENT, ORIGIN, ORIGIN2, ORIGIN6, wait_for


def origin_of(node, host):
    """Which origin answers under a name."""
    with socks5(node.socks, host, 80) as sock:
        return http_get(Stream(sock), host).get("X-Origin")


@pytest.mark.parametrize("name,answer", [("v4.test", ORIGIN), ("v6.test", ORIGIN6),
                                         ("alias.test", ORIGIN), ("truncated.test", ORIGIN),
                                         ("v4.test.", ORIGIN), ("V4.TEST", ORIGIN)])
def test_name(node, name, answer):
    assert origin_of(node, name) == answer


def test_truncated_answer_is_asked_again_by_tcp(node, dns):
    before = dns.count("truncated.test", transport="tcp")
    assert origin_of(node, "truncated.test") == ORIGIN
    assert dns.count("truncated.test", transport="tcp") > before


def test_both_families_are_asked(node, dns):
    before = dns.count("origin.test", A), dns.count("origin.test", AAAA)
    assert origin_of(node, "origin.test") in (ORIGIN, ORIGIN6)
    assert dns.count("origin.test", A) > before[0] and dns.count("origin.test", AAAA) > before[1]


def test_dead_address_family_delays_little(node):
    """RFC 8305: the first address is dead, the second is tried well before a timeout."""
    assert origin_of(node, "half-dead.test") == ORIGIN


@pytest.mark.parametrize("name", ["nowhere.test", "loop.test", "servfail.test", "a..b",
                                  "x" * 64 + ".test", "y" * 250])
def test_bad_name_fails_and_does_not_hang(node, name):
    with pytest.raises(SocksError) as caught:
        socks5(node.socks, name, 80)
    assert caught.value.code in (1, 4, 8)


def test_positive_cache(node, dns):
    before = dns.count("long.test")
    for _ in range(5):
        assert origin_of(node, "long.test") == ORIGIN
    assert dns.count("long.test") <= before + 2


def test_cache_ends_with_the_ttl(node, dns):
    start = dns.count("short.test", A)

    def asked_again():
        assert origin_of(node, "short.test") == ORIGIN
        return dns.count("short.test", A) >= start + 2

    wait_for(asked_again, 10, "a second question after the TTL")


def test_negative_cache(node, dns):
    before = dns.count("negative.test")
    for _ in range(5):
        with pytest.raises(SocksError):
            socks5(node.socks, "negative.test", 80)
    assert dns.count("negative.test") <= before + 2


def test_next_server_on_silence(make_node, dns, origin):
    node = make_node(interface={"DNS": f"{DNS_SILENT}, {DNS1}"})
    assert origin_of(node, "v4.test") == ORIGIN


def test_search_domain(make_node, dns, origin):
    node = make_node(interface={"DNS": f"{DNS1}, search.test"})
    assert origin_of(node, "host") == ORIGIN


def test_nxdomain_for_aaaa_leaves_the_ipv4_address(make_node, dns, origin):
    node = make_node(interface={"DNS": f"{DNS1}, search.test, other.test"})
    for name in ("hostsfile", "hostsfile.test"):
        assert origin_of(node, name) == ORIGIN


def test_failure_does_not_move_a_name_to_the_next_domain(make_node, dns, origin):
    """servfail.other.test exists: as the answer to servfail.search.test it is the wrong host."""
    node = make_node(interface={"DNS": f"{DNS1}, search.test, other.test"})
    with pytest.raises(SocksError) as caught:
        socks5(node.socks, "servfail", 80)
    assert caught.value.code == 4
    assert dns.count("servfail.search.test") and not dns.count("servfail.other.test")


def test_refused_by_icmp_the_next_server_is_asked(make_node, dns, origin):
    """Nobody listens on ORIGIN2: its host says so, and nobody waits for an answer in vain."""
    node = make_node(interface={"DNS": f"{ORIGIN2}, {DNS1}"})
    assert origin_of(node, "v4.test") == ORIGIN
    alone = make_node(interface={"DNS": ORIGIN2, "ConnectTimeout": 9})
    response = http_request(alone.http, "GET", "http://v4.test/")
    assert response.start[1:] == ["502", "No usable answer from a name server"]


def test_status_tells_what_was_dropped(make_node, dns, origin):
    node = make_node()
    assert origin_of(node, "v4.test") == ORIGIN
    node.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: b"name server answers dropped:" in node.output(), what="the status")


def test_without_dns_the_host_resolves(make_node, origin):
    """localhost is known to every host; it is loopback, so the request is denied, not lost."""
    node = make_node(interface={"DNS": None})
    with pytest.raises(SocksError) as caught:
        socks5(node.socks, "localhost", 80)
    assert caught.value.code == 2


def test_slow_name_does_not_delay_others(make_node, dns, origin):
    node = make_node(interface={"ConnectTimeout": 5})
    codes = []

    def stuck():
        try:
            socks5(node.socks, "silent.test", 80)
        except SocksError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=stuck) for _ in range(20)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        assert origin_of(node, "v4.test") == ORIGIN
    assert not codes, "the quick ones had to wait for the stuck ones"
    for thread in threads:
        thread.join()
    assert codes == [4] * 20
