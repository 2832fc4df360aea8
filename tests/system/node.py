"""culvert under test: its configuration, its process, and the secrets it must not show."""

import base64
import itertools
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from netlab import (DNS1, FAR_IP, NODE_IP, die_with_parent, genkey, pubkey, wait_for)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNPRIVILEGED = 1000
LOG_SHOWN_MAX = 8000
SANITIZER = re.compile(rb"AddressSanitizer|runtime error:|LeakSanitizer|Assertion .* failed")


# Below those that the system gives to outgoing connections: one of these could take a port between
# the look and its use, and the system gives a free port again as soon as it is closed.
_ports = itertools.cycle(range(10000, 32000))


def free_port(address="127.0.0.1", kind=socket.SOCK_STREAM):
    """A port that nobody has, and that no earlier call gave."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for port in _ports:
        with socket.socket(family, kind) as sock:
            try:
                sock.bind((address, port))
                return port
            except OSError:
                continue


class Secrets:
    """Every key and password in use; looks for them in what a program printed."""

    def __init__(self):
        self.known = set()

    def add(self, text):
        """Remember a secret in the spellings that a careless program would print."""
        self.known.add(text.encode())
        if len(text) == 44 and len(raw := base64.b64decode(text)) == 32:
            self.known |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
        return text

    def add_login(self, user, password):
        self.add(password)
        self.known.add(base64.b64encode(f"{user}:{password}".encode()))

    def check(self, output, what):
        for secret in self.known:
            assert secret not in output, f"a secret is in the output of {what}"


class Culvert:
    """Starts the binary as an unprivileged user, without capabilities and new privileges."""

    def __init__(self, lab, secrets):
        self.lab, self.secrets = lab, secrets
        built = os.environ.get("CULVERT") or os.path.join(ROOT, "build", "culvert")
        self.home = tempfile.mkdtemp(prefix="culvert-test-")
        # A copy, because the checkout may lie where other users cannot look.
        self.binary = os.path.join(self.home, "culvert")
        shutil.copy(built, self.binary)
        os.chmod(self.binary, 0o755)
        os.chmod(self.home, 0o711)
        self.count = 0

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)

    def folder(self):
        """A fresh private folder of the unprivileged user."""
        self.count += 1
        path = os.path.join(self.home, str(self.count))
        os.mkdir(path, 0o700)
        self.own(path)
        return path

    def own(self, path):
        if self.lab.is_root:
            os.chown(path, UNPRIVILEGED, UNPRIVILEGED)

    def write(self, text, name="culvert.conf", folder=None, mode=0o600):
        path = os.path.join(folder or self.folder(), name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(path, mode)
        self.own(path)
        return path

    def popen(self, *args, env=None, files=None, wrapper=(), **kwargs):
        """Start culvert; `files` limits its descriptors, `wrapper` goes before it."""
        def limit():
            die_with_parent()
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        environment = {"PATH": os.environ["PATH"], "HOME": self.home,
                       "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0"}
        environment.update(env or {})
        user = {}
        drop = ["setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
        if self.lab.is_root and not wrapper:
            user = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []}
            drop = []
        elif self.lab.is_root:
            drop += [f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups"]
        return subprocess.Popen([*wrapper, *drop, self.binary, *args], env=environment,
                                preexec_fn=limit, cwd=self.home, **user, **kwargs)

    def call(self, *args, stdin=None, timeout=30, env=None, **kwargs):
        """Run a short command; return (exit code, standard output, standard error)."""
        process = self.popen(*args, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, **kwargs)
        try:
            out, err = process.communicate((stdin or "").encode(), timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"culvert {args} still runs after {timeout} s: {err!r}") from None
        self.examine(err, f"culvert {args[0] if args else ''}")
        return process.returncode, out.decode(), err.decode()

    def examine(self, output, what):
        self.secrets.check(output, what)
        assert not SANITIZER.search(output), f"{what}: {output.decode(errors='replace')}"


class Node:
    """A running `culvert up` with its listeners: `socks`, `http`, `mixed` are (host, port)."""

    def __init__(self, culvert, text, args=(), env=None, **kwargs):
        self.culvert = culvert
        self.path = culvert.write(text)
        self.log_path = os.path.join(os.path.dirname(self.path), "log")
        self.log = open(self.log_path, "wb")
        self.process = culvert.popen("up", "-c", self.path, *args, env=env,
                                     stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                     **kwargs)

    def output(self):
        with open(self.log_path, "rb") as file:
            return file.read()

    def wait_log(self, pattern, timeout=10):
        regex = re.compile(pattern.encode(), re.I)
        return wait_for(lambda: regex.search(self.output()), timeout, f"log line {pattern!r}")

    def wait_listening(self, *listeners):
        for listener in listeners:
            wait_for(lambda where=listener: self._accepts(where), what=f"listener {listener}")

    def _accepts(self, where):
        assert self.process.poll() is None, f"culvert ended: {self.output().decode()}"
        family = socket.AF_UNIX if isinstance(where, str) else (
            socket.AF_INET6 if ":" in where[0] else socket.AF_INET)
        with socket.socket(family) as sock:
            return sock.connect_ex(where) == 0

    def status_kb(self, key="VmRSS"):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(rf"{key}:\s+(\d+)", file.read())[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def terminate(self, timeout=15):
        """SIGTERM; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def finish(self):
        """End it whatever its state, then judge its exit and its output."""
        deadline = time.monotonic() + 1
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            while self.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = "none: it ignored two SIGTERM"
        self.log.close()
        output = self.output()
        self.culvert.examine(output, "culvert up")
        # Shown by pytest when the test has failed.
        print(output[-LOG_SHOWN_MAX:].decode(errors="replace"))
        crashed = isinstance(code, str) or code in (-4, -6, -7, -8, -11)
        assert not crashed, f"exit {code}: {output.decode(errors='replace')[-2000:]}"


def section(name, **pairs):
    """A section of the configuration; None values are left out, lists repeat the key."""
    lines = [f"[{name}]"]
    for key, value in pairs.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                lines.append(f"{key} = {one}")
    return "\n".join(lines) + "\n\n"


class NodeFactory:
    """Makes nodes that know one far end; removes them and their peer entries at the end."""

    def __init__(self, culvert, far):
        self.culvert, self.far = culvert, far
        self.nodes, self.peers = [], []

    def settings(self, far=None, endpoint="default", listen_port=None, private=None,
                 far_knows_endpoint=False, interface=None, peer=None):
        """[Interface] and [Peer] of a node that the far end accepts; sets last_* on self."""
        far, secrets = far or self.far, self.culvert.secrets
        private = secrets.add(private or genkey())
        public = pubkey(private)
        reverse = f"{NODE_IP}:{listen_port}" if far_knows_endpoint else None
        ip4, ip6 = far.add_peer(public, reverse, 1 if far_knows_endpoint else None)
        self.peers.append((far, public))
        self.last_ip4, self.last_ip6, self.last_public = ip4, ip6, public
        if far.psk:
            secrets.add(far.psk)
        secrets.add(far.private)
        if endpoint == "default":
            endpoint = f"{FAR_IP}:{far.port}"
        inside = {"PrivateKey": private, "Address": f"{ip4}/32, {ip6}/128", "DNS": DNS1,
                  "ListenPort": listen_port, "ConnectTimeout": 10}
        inside.update(interface or {})
        remote = {"PublicKey": far.public, "PresharedKey": far.psk, "Endpoint": endpoint,
                  "AllowedIPs": "0.0.0.0/0, ::/0"}
        remote.update(peer or {})
        return section("Interface", **inside) + section("Peer", **remote)

    def start(self, text, *listeners, **kwargs):
        node = Node(self.culvert, text, **kwargs)
        self.nodes.append(node)
        node.wait_listening(*listeners)
        return node

    def __call__(self, extra="", login=None, listener=None, kinds=("Socks5", "http"),
                 bind="127.0.0.1", start=None, **settings):
        """A node with one listener per kind; `login` is (user, password) for all of them."""
        text, where = self.settings(**settings), {}
        more = dict(listener or {})
        if login:
            self.culvert.secrets.add_login(*login)
            more.update(Username=login[0], Password=login[1])
        for kind in kinds:
            where[kind.lower()] = (bind, free_port(bind))
            host = f"[{bind}]" if ":" in bind else bind
            text += section(kind, BindAddress=f"{host}:{where[kind.lower()][1]}", **more)
        ip4, ip6, public = self.last_ip4, self.last_ip6, self.last_public
        node = self.start(text + extra, *where.values(), **(start or {}))
        node.socks, node.http = where.get("socks5"), where.get("http")
        node.mixed = where.get("mixed")
        node.ip4, node.ip6, node.public = ip4, ip6, public
        return node

    def close(self):
        errors = []
        for node in self.nodes:
            try:
                node.finish()
            except AssertionError as error:
                errors.append(str(error))
        for far, public in self.peers:
            far.remove_peer(public)
        assert not errors, "\n".join(errors)
