"""Fixtures of the system tests.  netlab.py draws the topology."""

import fcntl
import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import servers  # noqa: E402
from dnsd import A, AAAA, CNAME, DnsServer  # noqa: E402
from netlab import (DNS1, DNS_SILENT, NGINX, ORIGIN, ORIGIN2, ORIGIN6,  # noqa: E402
                    Lab, Unavailable, die_with_parent, wait_for)
from node import ROOT, Culvert, NodeFactory, Secrets  # noqa: E402

BIG_SIZE = 1 << 30
MID_SIZE = 1 << 28  # seconds long, so that something can happen under way
DATA = os.path.join(ROOT, "build", "test-data")


def pytest_addoption(parser):
    parser.addoption("--share", metavar="FOLDER",
                     help="run only tests that no other process with this folder has taken")


def _untaken(items, folder):
    """The tests that this process is the first to take, in their order."""
    for index, item in enumerate(items):
        try:
            os.close(os.open(os.path.join(folder, str(index)), os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        yield item


def pytest_runtestloop(session):
    """One of several processes takes test by test, so that all of them end at about one time."""
    folder = session.config.option.share
    if not folder or session.config.option.collectonly:
        return None
    items = _untaken(session.items, folder)
    item = next(items, None)
    while item and not session.shouldstop and not session.shouldfail:
        following = next(items, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        item = following
    return True


def pytest_configure(config):
    """Enter the lab before any thread exists: a user namespace needs a single-threaded process."""
    config.lab, config.lab_reason = None, None
    if config.option.collectonly:
        return
    missing = [tool for tool in ("ip", "wg", "nginx", "curl", "setpriv", "unshare")
               if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if missing:
        config.lab_reason = "not installed: " + " ".join(missing)
        return
    try:
        config.lab = Lab()
    except Unavailable as error:
        config.lab_reason = str(error)


def pytest_unconfigure(config):
    if getattr(config, "lab", None):
        config.lab.close()


@pytest.fixture(scope="session")
def lab(pytestconfig):
    if pytestconfig.lab is None:
        pytest.skip(pytestconfig.lab_reason)
    return pytestconfig.lab


@pytest.fixture(scope="session")
def secrets():
    return Secrets()


@pytest.fixture(scope="session")
def culvert(lab, secrets):
    program = Culvert(lab, secrets)
    yield program
    program.close()


@pytest.fixture(scope="session")
def far(lab):
    return lab.new_far()


@pytest.fixture
def own_far(lab):
    """A far end of this test alone, to be killed, moved or flooded."""
    one = lab.new_far()
    yield one
    one.stop()


@pytest.fixture
def make_node(culvert, far):
    factory = NodeFactory(culvert, far)
    yield factory
    factory.close()


@pytest.fixture
def node(make_node, origin, dns):
    """A node with a SOCKS5 and an HTTP listener."""
    return make_node()


@pytest.fixture
def serve(lab):
    """serve(handler, address, port): a TCP server of the far side for one test."""
    started = []

    def start(handler, address=ORIGIN, port=0):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        started.append(servers.Server(lab.far_socket(family), handler, address, port))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture(scope="session")
def origin(lab):
    """HTTP origins on port 80 of ORIGIN, ORIGIN2 and ORIGIN6, named by their address."""
    started = []
    for address in (ORIGIN, ORIGIN2, ORIGIN6):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        started.append(servers.Server(lab.far_socket(family), servers.http_origin(address),
                                      address, 80))
    yield started[0]
    for server in started:
        server.close()


def _dns_server(lab, address, silent=False):
    return DnsServer(lab.far_socket(kind=socket.SOCK_DGRAM), lab.far_socket(), address,
                     silent=silent)


@pytest.fixture(scope="session")
def dns(lab):
    """The name server at DNS1, and a silent one at DNS_SILENT."""
    server, silent = _dns_server(lab, DNS1), _dns_server(lab, DNS_SILENT, silent=True)
    server.silent_twin = silent
    server.records = {
        "origin.test": [(A, ORIGIN, 60), (AAAA, ORIGIN6, 60)],
        "v4.test": [(A, ORIGIN, 60)],
        "v6.test": [(AAAA, ORIGIN6, 60)],
        "two.test": [(A, ORIGIN2, 60)],
        "alias.test": [(CNAME, "alias2.test", 60)],
        "alias2.test": [(CNAME, "v4.test", 60)],
        "loop.test": [(CNAME, "loop.test", 60)],
        "truncated.test": [(A, ORIGIN, 60)],
        "short.test": [(A, ORIGIN, 1)],
        "long.test": [(A, ORIGIN, 3600)],
        "half-dead.test": [(AAAA, "fd98:3::1", 60), (A, ORIGIN, 60)],
        "host.search.test": [(A, ORIGIN, 60)],
        "hostsfile.test": [(A, ORIGIN, 60)],
        "hostsfile.test.search.test": [(A, ORIGIN2, 60)],
        "hostsfile.search.test": [(A, ORIGIN, 60)],
        "hostsfile.other.test": [(A, ORIGIN2, 60)],
        "servfail.other.test": [(A, ORIGIN2, 60)],
        "loopback.test": [(A, "127.0.0.1", 60)],
    }
    yield server
    server.close()
    silent.close()


class BigFile:
    """A file of pseudo-random bytes with a known checksum, made once per checkout."""

    def __init__(self, name, size):
        os.makedirs(DATA, exist_ok=True)
        self.path, self.size = os.path.join(DATA, name), size
        # Several processes need it at once; the first one makes it.
        with open(self.path + ".lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._find_or_make(size)

    def _find_or_make(self, size):
        note = self.path + ".json"
        try:
            with open(note, encoding="ascii") as file:
                known = json.load(file)
            if known["size"] == size == os.path.getsize(self.path):
                self.sha256 = known["sha256"]
                return
        except (OSError, ValueError, KeyError):
            pass
        source, digest = random.Random(size), hashlib.sha256()
        part = self.path + ".part"  # until complete
        with open(part, "wb") as file:
            for at in range(0, size, 1 << 20):
                block = source.randbytes(min(1 << 20, size - at))
                digest.update(block)
                file.write(block)
        os.replace(part, self.path)
        self.sha256 = digest.hexdigest()
        with open(part, "w", encoding="ascii") as file:
            json.dump({"size": size, "sha256": self.sha256}, file)
        os.replace(part, note)


@pytest.fixture(scope="session")
def big_file():
    return BigFile("big.bin", BIG_SIZE)


@pytest.fixture(scope="session")
def mid_file():
    return BigFile("mid.bin", MID_SIZE)


@pytest.fixture(scope="session")
def small_file():
    return BigFile("small.bin", 256 * 1024)


@pytest.fixture(scope="session")
def nginx(lab, big_file, mid_file, small_file):
    """nginx on NGINX:80 that serves big.bin, mid.bin and small.bin."""
    folder = tempfile.mkdtemp(prefix="culvert-nginx-")
    config = os.path.join(folder, "nginx.conf")
    with open(config, "w", encoding="ascii") as file:
        file.write(f"""
            daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 8192; }}
            http {{
                access_log off; sendfile on; keepalive_requests 1000000;
                client_body_temp_path {folder}; proxy_temp_path {folder};
                fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
                server {{ listen {NGINX}:80 backlog=4096; root {DATA}; }}
            }}""")
    process = lab.far_popen(["nginx", "-c", config, "-e", f"{folder}/error.log"],
                            stderr=subprocess.DEVNULL)
    wait_for(lambda: lab.in_far(_listens, (NGINX, 80)), what="nginx")
    yield NGINX
    process.terminate()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _listens(where):
    with socket.socket() as sock:
        return sock.connect_ex(where) == 0


@pytest.fixture
def spawn():
    """spawn(argv): a child process that is ended by its pid after the test."""
    started = []

    def start(argv, **kwargs):
        started.append(subprocess.Popen(argv, preexec_fn=die_with_parent, **kwargs))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
