"""The tests' own tools: the runner of several parts, ports."""

import base64

from netlab import genkey
from node import free_port
from run import closing_line, count, exit_code

PORTS = 1000
GOOD = "....\n4 passed, 2 deselected in 3.10s\n"
LONG = "....\n40 passed, 2 deselected, 1 warning in 83.10s (0:01:23)\n"
SKIPPED = ("ss.\nSKIPPED [2] conftest.py:60: network namespaces: not permitted\n"
           "1 passed, 2 skipped, 3 deselected in 0.10s\n")
FAILED = "F.\nFAILED test_x.py::test_y - assert 7 passed\n1 failed, 1 passed, 2 errors in 1s\n"


def test_counts_come_from_the_closing_line_alone():
    assert count(LONG, "passed") == 40 and count(LONG, "skipped") == 0
    assert count(FAILED, "passed") == 1 and count(FAILED, "errors?") == 2


def test_a_good_run_is_summed_up():
    assert closing_line([GOOD, LONG]) == "system tests: 44 passed, 0 failed, 0 skipped"
    assert closing_line([GOOD, FAILED]) == "system tests: 5 passed, 3 failed, 0 skipped"


def test_skipped_tests_are_told_in_capitals():
    line = closing_line([GOOD, SKIPPED, SKIPPED])
    assert line == line.upper()
    assert line.startswith("WARNING: 4 OF 10 SYSTEM TESTS WERE SKIPPED")
    assert "NETWORK NAMESPACES: NOT PERMITTED" in line and "\n" not in line


def test_a_part_that_fails_or_dies_fails_the_run():
    assert exit_code([0, 0]) == 0 and exit_code([0, 5]) == 0
    assert exit_code([0, 1, 5]) == 1 and exit_code([0, -9]) == 9 and exit_code([5, 5]) == 5


def test_no_port_is_given_twice():
    assert len({free_port() for _ in range(PORTS)}) == PORTS
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        assert free_port() < int(file.read().split()[0]), "an outgoing connection could take it"


def test_keys_are_clamped_as_those_of_wg():
    raw = base64.b64decode(genkey())
    assert raw[0] & 7 == 0 and raw[31] & 192 == 64
