"""Two culverts over loopback: what the node does with its connections. Needs no namespace."""

import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest
from node import ROOT, SANITIZER, free_port, section

NEAR, FAR = "10.99.0.2", "10.99.0.1"
PATIENCE_S = 20
BINARY = os.environ.get("CULVERT") or os.path.join(ROOT, "build", "culvert")


def wait_for(condition, what):
    deadline = time.monotonic() + PATIENCE_S
    while not (result := condition()):
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.01)
    return result


def run(*args, stdin=b""):
    return subprocess.run([BINARY, *args], input=stdin, capture_output=True, check=True,
                          timeout=PATIENCE_S).stdout.decode().strip()


def serve(handler):
    """handler(connection) in a thread for each connection to a fresh port; returns the socket."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=guard, args=(connection,), daemon=True).start()

    def guard(connection):
        with connection:
            try:
                handler(connection)
            except OSError:
                pass

    threading.Thread(target=accept, daemon=True).start()
    return listener


class Side:
    """One culvert process."""

    def __init__(self, folder, name, text):
        self.path, self.log_path = folder / f"{name}.conf", folder / f"{name}.log"
        self.path.write_text(text)
        self.path.chmod(0o600)
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([BINARY, "up", "-c", str(self.path)], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)

    def output(self):
        return self.log_path.read_bytes()

    def finish(self):
        """It ends when its last connection does, and must not leave anything behind."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        assert not SANITIZER.search(self.output()), self.output().decode(errors="replace")
        assert code == 0, self.output().decode(errors="replace")


class Pair:
    """A near node with proxies, and a far one that leads ports of the tunnel to local ones."""

    def __init__(self, folder, ports, listener=None, near_interface=None, extra=""):
        near_key, far_key = run("genkey"), run("genkey")
        udp, self.proxy = free_port(kind=socket.SOCK_DGRAM), ("127.0.0.1", free_port())
        self.udp = ("127.0.0.1", udp)
        far = section("Interface", PrivateKey=far_key, Address=f"{FAR}/32", ListenPort=udp)
        far += section("Peer", PublicKey=run("pubkey", stdin=near_key.encode()),
                       AllowedIPs=f"{NEAR}/32")
        for port, target in ports.items():
            far += section("TCPServerTunnel", ListenPort=port, Target=f"127.0.0.1:{target}")
        inside = {"PrivateKey": near_key, "Address": f"{NEAR}/32", "ConnectTimeout": 5}
        inside.update(near_interface or {})
        near = section("Interface", **inside)
        near += section("Peer", PublicKey=run("pubkey", stdin=far_key.encode()),
                        AllowedIPs="10.99.0.0/24", Endpoint=f"127.0.0.1:{udp}")
        near += section("Mixed", BindAddress=f"127.0.0.1:{self.proxy[1]}", **(listener or {}))
        self.far, self.near = Side(folder, "far", far), Side(folder, "near", near + extra)
        wait_for(lambda: b"tunnel is up" in self.near.output(), "the tunnel")

    def connect(self, **options):
        sock = socket.socket()
        sock.settimeout(PATIENCE_S)
        if "rcvbuf" in options:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["rcvbuf"])
        sock.connect(self.proxy)
        return sock

    def socks(self, port, address=FAR, early=b"", **options):
        """A SOCKS5 connection to `address` (or a name) and the reply code."""
        sock = self.connect(**options)
        if ":" in address:
            to = b"\4" + socket.inet_pton(socket.AF_INET6, address)
        elif address[0].isdigit():
            to = b"\1" + socket.inet_aton(address)
        else:
            to = b"\3" + bytes([len(address)]) + address.encode()
        sock.sendall(b"\5\1\0\5\1\0" + to + struct.pack(">H", port) + early)
        assert read(sock, 2) == b"\5\0"
        reply = read(sock, 4)
        read(sock, 6 if reply[3] == 1 else 18)
        return sock, reply[1]

    def finish(self):
        try:
            self.near.finish()
        finally:
            self.far.finish()


def read(sock, count):
    data = b""
    while len(data) < count:
        piece = sock.recv(count - len(data))
        assert piece, f"the end after {data!r}"
        data += piece
    return data


def read_all(sock):
    """Everything up to the end, and whether that was a reset."""
    data = b""
    try:
        while piece := sock.recv(65536):
            data += piece
    except ConnectionResetError:
        return data, True
    return data, False


def read_response(sock):
    """One response with Content-Length: status and the connection's fate."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += read(sock, 1)
    lines = head.lower().split(b"\r\n")
    length = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")]
    read(sock, length[0] if length else 0)
    return int(lines[0].split()[1]), b"connection: close" in lines


def hello(connection):
    """An HTTP server without a connection limit."""
    buffer = b""
    while piece := connection.recv(65536):
        buffer += piece
        while b"\r\n\r\n" in buffer:
            _, buffer = buffer.split(b"\r\n\r\n", 1)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


@pytest.fixture(name="make_pair")
def fixture_make_pair(tmp_path):
    pairs = []

    def make(*args, **kwargs):
        pairs.append(Pair(tmp_path, *args, **kwargs))
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.finish()


def get(host, port):
    return f"GET http://{host}:{port}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def test_clients_beyond_the_limit_do_not_harm_those_within(make_pair):
    with serve(hello) as server:
        port = server.getsockname()[1]
        pair = make_pair({80: port, 81: port}, listener={"MaxConnections": 1})
        inside = pair.connect()
        inside.sendall(get(FAR, 80))
        assert read_response(inside) == (200, False)
        beyond = pair.connect()
        beyond.sendall(get(FAR, 80))
        assert read_response(beyond) == (503, True)
        # The refused one has not closed yet; a new origin needs a new dial.
        inside.sendall(get(FAR, 81))
        assert read_response(inside) == (200, False)
        inside.close()

        def free():
            with pair.connect() as client:
                client.sendall(get(FAR, 80))
                return read_response(client)[0] == 200

        wait_for(free, "the place of the client that left")


def test_two_at_once_at_the_limit_leave_one(make_pair):
    with serve(hello) as server:
        pair = make_pair({80: server.getsockname()[1]}, listener={"MaxConnections": 1})
        first, second = pair.connect(), pair.connect()
        first.sendall(get(FAR, 80))
        assert read_response(first)[0] == 200
        second.sendall(get(FAR, 80))
        assert read_response(second)[0] == 503


def test_refused_clients_that_stay_make_room_for_others(make_pair):
    with serve(hello) as server:
        pair = make_pair({80: server.getsockname()[1]}, listener={"MaxConnections": 1})
        inside = pair.connect()
        inside.sendall(get(FAR, 80))
        assert read_response(inside)[0] == 200
        stubborn = [pair.connect() for _ in range(40)]
        for client in stubborn:
            client.sendall(get(FAR, 80))
        for client in stubborn:
            assert read_response(client) == (503, True)
        inside.sendall(get(FAR, 80))
        assert read_response(inside)[0] == 200


def test_idle_keep_alive_connections_do_not_hold_up_the_end(make_pair):
    with serve(hello) as server:
        pair = make_pair({80: server.getsockname()[1]})
        client = pair.connect()
        client.sendall(get(FAR, 80))
        assert read_response(client)[0] == 200
        pair.near.process.send_signal(signal.SIGTERM)
        assert read_all(client) == (b"", False)
        client.close()
        pair.near.process.wait(PATIENCE_S)
        assert b"grace period is over" not in pair.near.output()


def test_bytes_before_a_reset_arrive(make_pair):
    def send_and_reset(connection):
        connection.recv(1)
        connection.sendall(b"last words")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serve(send_and_reset) as server:
        pair = make_pair({80: server.getsockname()[1]})
        for _ in range(20):
            client, code = pair.socks(80)
            assert code == 0
            client.sendall(b"?")
            assert read_all(client) == (b"last words", True)


def test_clients_that_do_not_read_leave_the_tunnel_to_others(make_pair):
    def flood(connection):
        while True:
            connection.sendall(bytes(65536))

    with serve(flood) as endless, serve(hello) as server:
        pair = make_pair({80: server.getsockname()[1], 81: endless.getsockname()[1]})
        stalled = [pair.socks(81, rcvbuf=4096)[0] for _ in range(120)]
        for client in stalled:
            read(client, 1)
        for _ in range(5):
            with pair.connect() as client:
                client.sendall(get(FAR, 80))
                assert read_response(client)[0] == 200


def test_requests_that_fail_at_once_leave_the_loop_to_others(make_pair):
    with serve(hello) as server:
        pair = make_pair({80: server.getsockname()[1]})
        noisy, over = pair.connect(), threading.Event()

        def drain():
            try:
                while noisy.recv(1 << 20):
                    pass
            except OSError:
                pass

        def send():
            try:
                while not over.is_set():
                    noisy.sendall(get("127.0.0.1", 80) * 1000)
            except OSError:
                pass

        threads = [threading.Thread(target=drain, daemon=True),
                   threading.Thread(target=send, daemon=True)]
        for thread in threads:
            thread.start()
        for _ in range(5):
            with pair.connect() as client:
                client.sendall(get(FAR, 80))
                assert read_response(client)[0] == 200
        over.set()
        noisy.shutdown(socket.SHUT_RDWR)
        noisy.close()


@pytest.mark.parametrize("address, code", [
    (f"::ffff:{FAR}", 0), ("::ffff:127.0.0.1", 2), (f"::ffff:{NEAR}", 2), ("::", 2), ("::1", 2),
    ("0.0.0.0", 2), (NEAR, 2), ("127.9.9.9", 2), ("224.0.0.1", 2), ("255.255.255.255", 2),
    ("ff02::1", 2), ("10.98.0.1", 3), ("fd00::1", 3), ("fe80::1", 3), ("10.99.0.77", 4),
])
def test_addresses_are_judged_as_what_they_mean(make_pair, address, code):
    with serve(hello) as server:
        pair = make_pair({80: server.getsockname()[1]}, near_interface={"ConnectTimeout": 2})
        assert pair.socks(80, address)[1] == code


def test_name_servers_that_no_peer_has_fail_names_at_once(make_pair):
    pair = make_pair({}, near_interface={"DNS": "10.98.0.53", "ConnectTimeout": 60})
    client = pair.connect()
    client.sendall(get("a.test", 80))
    assert read_response(client)[0] == 502


def test_what_came_before_a_reset_waits_for_a_slow_client(make_pair):
    def send_and_reset(connection):
        connection.settimeout(1)
        try:
            while True:
                connection.sendall(b"x" * 65536)
        except TimeoutError:
            pass
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serve(send_and_reset) as server:
        pair = make_pair({80: server.getsockname()[1]})
        client, _ = pair.socks(80, rcvbuf=4096)
        data, reset = read_all(client)
        assert reset and set(data) == {ord("x")}


def test_the_end_comes_in_every_state(make_pair):
    def hold(connection):
        while connection.recv(65536):
            pass
        threading.Event().wait(PATIENCE_S)

    def flood(connection):
        while True:
            connection.sendall(bytes(65536))

    with serve(hold) as quiet, serve(flood) as endless, serve(hello) as server:
        pair = make_pair({80: server.getsockname()[1], 81: endless.getsockname()[1],
                          82: quiet.getsockname()[1]}, near_interface={"ConnectTimeout": 60})
        unknown = b"\5\1\0\5\1\0\1" + socket.inet_aton("10.99.0.77") + b"\0\x50"
        opening = [b"", b"\5", b"GET", unknown, unknown + bytes(5000), get("10.99.0.77", 80),
                   get("10.99.0.77", 80) * 300, get(FAR, 81), get(FAR, 82), get("a.test", 80),
                   f"CONNECT {FAR}:81 HTTP/1.1\r\n\r\n".encode(), get("127.0.0.1", 80),
                   f"POST http://{FAR}:82/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"
                   .encode()]
        clients = [pair.connect(rcvbuf=4096) for _ in opening]
        for client, data in zip(clients, opening):
            client.sendall(data)
        for port in (80, 81, 82, 82):
            clients.append(pair.socks(port, rcvbuf=4096)[0])
        clients[-1].shutdown(socket.SHUT_WR)
        for side in (pair.near, pair.far):
            side.process.send_signal(signal.SIGTERM)
            wait_for(lambda log=side: b"ending:" in log.output(), "the first signal")
            side.process.send_signal(signal.SIGTERM)
            side.process.wait(PATIENCE_S)
        for client in clients:
            client.close()


def test_a_full_socket_buffer_is_told_once(make_pair):
    """The far process stands still while more comes than the system keeps for it."""
    with open("/proc/sys/net/core/rmem_max", encoding="ascii") as file:
        most = int(file.read())
    if most >= 7 << 20:
        pytest.skip("the system grants all that is asked for")
    pair = make_pair({})
    far = pair.far
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.connect(pair.udp)
        for _ in range(2):
            far.process.send_signal(signal.SIGSTOP)
            for _ in range(most // 300):
                sender.send(bytes(1400))
            far.process.send_signal(signal.SIGCONT)

            def told():
                sender.send(bytes(100))
                return b"net.core.rmem_max=7340032" in far.output()
            wait_for(told, "the warning")
    far.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: b"memory:" in far.output(), "the status")
    assert far.output().count(b"net.core.rmem_max") == 1
    kept = f", received [1-9][0-9]* .of {most >> 10} kB".encode()
    assert re.search(kept, far.output()), far.output().decode()
