"""Which failure of a name is reported when several things fail."""

import pytest

from clients import SocksError, socks5
from netlab import DNS1


def reply(node, name):
    with pytest.raises(SocksError) as failure:
        socks5(node.socks, name, 80, timeout=30).close()
    return failure.value.code


def test_an_address_without_a_peer_outranks_the_missing_other_family(make_node, dns):
    node = make_node(peer={"AllowedIPs": f"{DNS1}/32"})
    assert reply(node, "two.test") == 3  # has an A record only
    assert reply(node, "origin.test") == 3
    assert reply(node, "loopback.test") == 2
    assert reply(node, "absent.test") == 4
