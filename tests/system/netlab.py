"""Network namespaces and the far end of the tunnel.

        node namespace                          far namespace
   culvert, curl, the tests             wireguard-go, nginx, DNS, origins
   10.77.0.2  fd77::2        veth       10.77.0.1  fd77::1
   [ 10.128+i.x.y inside culvert ] ==== wg device i, one per Far object
                                        10.100.0.x, fd64::x on lo: services

The node namespace has no default route: nothing but the veth's own subnet can be reached without
the tunnel.  The test process itself moves into the node namespace; sockets of the far side are
made by a thread that visits the far namespace, so servers run as threads of the test process.
"""

import base64
import ctypes
import ipaddress
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

NODE_IP, FAR_IP = "10.77.0.2", "10.77.0.1"
NODE_IP6, FAR_IP6 = "fd77::2", "fd77::1"
SERVICE_NET, SERVICE_NET6 = "10.100.0.0/16", "fd64::/64"
ORIGIN, ORIGIN2, NGINX = "10.100.0.1", "10.100.0.2", "10.100.0.3"
DNS1, DNS_SILENT = "10.100.0.53", "10.100.0.54"
ORIGIN6 = "fd64::1"
# Addresses behind the far end that lead nowhere, each in its own way.
UNREACHABLE, PROHIBITED, SILENT = "10.98.1.1", "10.98.2.1", "10.98.3.1"
SILENT6 = "fd98:3::1"

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x20000, 0x10000000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PREFIX = "cvt"
START_ATTEMPTS = 3
_libc = ctypes.CDLL(None, use_errno=True)


class Unavailable(Exception):
    """The machine does not allow what the lab needs; the text is the reason of the skips."""


def _check(result, what):
    if result != 0:
        raise Unavailable(f"{what}: {os.strerror(ctypes.get_errno())}")


def sh(*argv, **kwargs):
    """Run a command; return its standard output, raise with its standard error."""
    done = subprocess.run(argv, capture_output=True, text=True, **kwargs)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr.strip()}")
    return done.stdout


def wait_for(predicate, timeout=10.0, what="condition", interval=0.01):
    """Poll until the predicate gives something true; return it."""
    deadline = time.monotonic() + timeout
    while True:
        result = predicate()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout} s")
        time.sleep(interval)


def die_with_parent():
    """For preexec_fn: a child must not outlive the test process, even when that is killed.

    A shell that runs the tests in the background has them ignore signals, which children inherit.
    """
    _libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def genkey():
    """A private key as `wg genkey` makes it: clamped (RFC 7748 section 5)."""
    raw = bytearray(os.urandom(32))
    raw[0] &= 248
    raw[31] = raw[31] & 127 | 64
    return base64.b64encode(raw).decode()


def pubkey(private):
    return sh("wg", "pubkey", input=private + "\n").strip()


def enter_user_namespace():
    """Become root of a fresh user namespace; must run while the process has one thread."""
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET), "user namespace")
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    _check(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount namespace")
    _check(_libc.mount(b"tmpfs", b"/run", b"tmpfs", 0, None), "tmpfs on /run")


def remove_stale():
    """Delete namespaces and devices left by runs whose process is gone."""
    for line in sh("ip", "netns", "list").splitlines():
        match = re.match(rf"{PREFIX}(\d+)[a-z]\b", line)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            subprocess.run(["ip", "netns", "del", line.split()[0]], check=False)


class Lab:
    """Both namespaces.  Owner of everything that runs in the far one."""

    def __init__(self):
        self.is_root = os.geteuid() == 0
        if not self.is_root:
            enter_user_namespace()
        if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
            raise Unavailable("/dev/net/tun cannot be opened by this user")
        tag = f"{PREFIX}{os.getpid()}"
        self.node_ns, self.far_ns = tag + "n", tag + "f"
        self.tag = tag
        self.fars = []
        try:
            remove_stale()
            self._make()
        except (RuntimeError, OSError) as error:
            self.close()
            raise Unavailable(f"network namespaces: {error}") from error

    def _make(self):
        near, far = self.tag + "n0", self.tag + "f0"
        for name in (self.node_ns, self.far_ns):
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
        sh("ip", "-n", self.node_ns, "link", "add", near, "type", "veth",
           "peer", "name", far, "netns", self.far_ns)
        self.node_dev, self.far_dev = near, far
        for name, dev, ip4, ip6 in ((self.node_ns, near, NODE_IP, NODE_IP6),
                                    (self.far_ns, far, FAR_IP, FAR_IP6)):
            sh("ip", "-n", name, "addr", "add", ip4 + "/24", "dev", dev)
            sh("ip", "-n", name, "addr", "add", ip6 + "/64", "dev", dev, "nodad")
            sh("ip", "-n", name, "link", "set", dev, "up")
        for address in (ORIGIN, ORIGIN2, NGINX, DNS1, DNS_SILENT):
            self.far_ip("addr", "add", address + "/32", "dev", "lo")
        self.far_ip("addr", "add", ORIGIN6 + "/128", "dev", "lo", "nodad")
        self.far_ip("route", "add", "unreachable", "10.98.1.0/24")
        self.far_ip("route", "add", "prohibit", "10.98.2.0/24")
        self.far_ip("route", "add", "blackhole", "10.98.3.0/24")
        self.far_ip("-6", "route", "add", "blackhole", "fd98:3::/64")
        sh("ip", "netns", "exec", self.far_ns, "sysctl", "-q", "net.ipv4.ip_forward=1",
           "net.ipv6.conf.all.forwarding=1", "net.ipv4.icmp_ratelimit=0",
           "net.ipv4.conf.all.rp_filter=0", "net.ipv4.tcp_rmem=4096 131072 33554432",
           "net.ipv4.tcp_wmem=4096 16384 33554432")
        self._enter(self.node_ns)

    @staticmethod
    def _enter(name):
        descriptor = os.open(f"/run/netns/{name}", os.O_RDONLY)
        try:
            _check(_libc.setns(descriptor, CLONE_NEWNET), f"enter {name}")
        finally:
            os.close(descriptor)

    def far_ip(self, *argv):
        return sh("ip", "-n", self.far_ns, *argv)

    def node_ip(self, *argv):
        return sh("ip", "-n", self.node_ns, *argv)

    def in_far(self, function, *args):
        """Call the function in a thread that lives in the far namespace; return its result."""
        box = {}

        def visit():
            try:
                self._enter(self.far_ns)
                box["result"] = function(*args)
            except BaseException as error:  # handed to the caller below
                box["error"] = error

        thread = threading.Thread(target=visit)
        thread.start()
        thread.join()
        if "error" in box:
            raise box["error"]
        return box["result"]

    def far_socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM, proto=0):
        return self.in_far(socket.socket, family, kind, proto)

    def far_popen(self, argv, **kwargs):
        return subprocess.Popen(["ip", "netns", "exec", self.far_ns, *argv],
                                preexec_fn=die_with_parent, **kwargs)

    def new_far(self, **kwargs):
        far = Far(self, len(self.fars), **kwargs)
        self.fars.append(far)
        return far

    def close(self):
        for far in self.fars:
            far.stop()
        for name in (self.node_ns, self.far_ns):
            subprocess.run(["ip", "netns", "del", name], check=False, stderr=subprocess.DEVNULL)


class Far:
    """One wireguard-go on a TUN device.  WIREGUARD_GO names another binary than Debian's."""

    def __init__(self, lab, index, psk=False):
        self.lab, self.index = lab, index
        self.dev = f"{lab.tag}w{index}"[-15:]
        self.private, self.port = genkey(), 51820 + index
        self.public = pubkey(self.private)
        self.peers = {}
        self.next_host = 2
        self.process = None
        self.psk = genkey() if psk else None
        self.start()

    def start(self):
        """It ends by itself, without a word, when started right after another was killed: again."""
        for attempt in range(START_ATTEMPTS):
            with tempfile.TemporaryFile() as said:
                self._spawn(said)
                try:
                    wait_for(self._answers, what="wireguard-go")
                    break
                except AssertionError as error:
                    said.seek(0)
                    if self.process.poll() != 0 or attempt + 1 == START_ATTEMPTS:
                        raise AssertionError(f"{error}; exit {self.process.poll()}: "
                                             f"{said.read().decode(errors='replace')}") from None
        self._configure()

    def _spawn(self, said):
        binary = os.environ.get("WIREGUARD_GO", "wireguard-go")
        env = dict(os.environ, LOG_LEVEL="error", WG_PROCESS_FOREGROUND="1")
        self.process = self.lab.far_popen([binary, "-f", self.dev], env=env, stdout=said,
                                          stderr=said)

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError("wireguard-go: ended")
        return subprocess.run(["wg", "show", self.dev], capture_output=True,
                              check=False).returncode == 0

    def _configure(self):
        lines = ["[Interface]", f"PrivateKey = {self.private}", f"ListenPort = {self.port}"]
        for public, peer in self.peers.items():
            lines += ["[Peer]", f"PublicKey = {public}"]
            lines += [f"{key} = {value}" for key, value in peer.items()]
        sh("wg", "setconf", self.dev, "/dev/stdin", input="\n".join(lines) + "\n")
        for address, net in ((f"{self.ip4(1)}/32", f"{self.ip4(0)}/16"),
                             (f"fd99:0:0:{self.index}::1/128", f"fd99:0:0:{self.index}::/64")):
            family = "-6" if ":" in net else "-4"
            self.lab.far_ip(family, "addr", "replace", address, "dev", self.dev)
            self.lab.far_ip("link", "set", self.dev, "mtu", "1420", "up")
            self.lab.far_ip(family, "route", "replace", net, "dev", self.dev)

    def ip4(self, host):
        """The inner address of one host; a /16 for each far end, never used twice."""
        return str(ipaddress.ip_address((10 << 24) + ((128 + self.index) << 16) + host))

    def add_peer(self, public, endpoint=None, keepalive=None):
        """Accept a node; return its inner IPv4 and IPv6 address."""
        host = self.next_host
        self.next_host += 1
        ip4 = self.ip4(host)
        ip6 = str(ipaddress.ip_address(f"fd99:0:0:{self.index}::{host:x}"))
        peer = {"AllowedIPs": f"{ip4}/32, {ip6}/128"}
        if self.psk:
            peer["PresharedKey"] = self.psk
        if endpoint:
            peer["Endpoint"] = endpoint
        if keepalive:
            peer["PersistentKeepalive"] = str(keepalive)
        self.peers[public] = peer
        text = f"[Peer]\nPublicKey = {public}\n" + "".join(f"{k} = {v}\n" for k, v in peer.items())
        sh("wg", "addconf", self.dev, "/dev/stdin", input=text)
        return ip4, ip6

    def call(self, public, endpoint):
        """Tell it where a peer is, and have it start a handshake at once."""
        self.peers[public].update(Endpoint=endpoint, PersistentKeepalive="1")
        sh("wg", "set", self.dev, "peer", public, "endpoint", endpoint, "persistent-keepalive", "1")

    def remove_peer(self, public):
        if self.peers.pop(public, None) and self.process:
            sh("wg", "set", self.dev, "peer", public, "remove")

    def show(self, what):
        """One column of `wg show`, as a dict from public key to value."""
        text = sh("wg", "show", self.dev, what)
        return dict(line.split("\t", 1) for line in text.splitlines())

    def kill(self):
        """End wireguard-go without a word to its peers; sessions are lost."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            wait_for(lambda: self.dev not in self.lab.far_ip("link"), what="TUN gone")
            try:
                os.unlink(f"/run/wireguard/{self.dev}.sock")
            except FileNotFoundError:
                pass

    def restart(self):
        self.kill()
        self.start()

    stop = kill
