"""genkey, pubkey, genpsk, version, help, demo, run."""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from clients import http_get, socks5
from httpio import Stream
from netlab import FAR_IP, ORIGIN, genkey, pubkey, sh, wait_for
from node import free_port


def test_key_commands_agree_with_wg(culvert):
    code, private, err = culvert.call("genkey")
    assert code == 0 and not err
    raw = base64.b64decode(private)
    assert len(raw) == 32 and raw[0] & 7 == 0 and raw[31] & 192 == 64
    assert culvert.call("pubkey", stdin=private)[1] == sh("wg", "pubkey", input=private)
    shared = culvert.call("genpsk")[1]
    assert len(base64.b64decode(shared)) == 32 and shared != culvert.call("genpsk")[1]


@pytest.mark.parametrize("text", ["", "short\n", "A" * 44 + "\n", "!" * 43 + "=\n",
                                  genkey() + "x\n"])
def test_pubkey_refuses_what_is_no_key(culvert, text):
    code, out, _ = culvert.call("pubkey", stdin=text)
    assert code not in (0, -6, -11) and not out


def test_version_and_help(culvert):
    code, out, _ = culvert.call("version")
    assert code == 0 and out.startswith("culvert")
    code, out, _ = culvert.call("help")
    assert code == 0
    for command in ("up", "run", "demo", "check", "genkey", "pubkey", "genpsk", "version"):
        assert command in out


def test_demo_once(culvert):
    tmp = culvert.folder()
    code, out, err = culvert.call("demo", "--once", timeout=60, env={"CULVERT_MTU": "bad",
                                                                     "TMPDIR": tmp})
    assert code == 0, err
    assert f"told by {tmp}/culvert-demo-" in out and "PrivateKey = file:near.key" in out
    assert not os.listdir(tmp), "files are left"
    assert "socks" in (out + err).lower() and "http" in (out + err).lower()


def test_demo_ends_when_standard_input_is_no_terminal(culvert):
    assert culvert.call("demo", timeout=60)[0] == 0


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(number) for number in file.read().split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_demo_on_a_terminal_ends_with_a_signal_and_leaves_nobody(culvert, number):
    master, slave = os.openpty()
    process = culvert.popen("demo", stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    try:
        shown = b""
        while b"curl" not in shown:
            shown += os.read(master, 4096)
        while b"Ctrl-C" not in shown:
            shown += os.read(master, 4096)
        line = re.search(rb"^  (\S+) run -c (\S+) -- curl (\S+)\r$", shown, re.MULTILINE)
        assert line and line[1].decode() == culvert.binary
        path = line[2].decode()
        code, out, err = culvert.call("run", "-c", path, "--", "curl", "-sS", line[3].decode())
        assert code == 0 and "culvert" in out, err
        kids = children(process.pid)
        process.send_signal(number)
        assert process.wait(15) == 0
        wait_for(lambda: not any(os.path.exists(f"/proc/{kid}") for kid in kids), what="no orphan")
        assert not os.path.exists(os.path.dirname(path))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(master)


@pytest.fixture
def config(make_node, culvert, origin, dns):
    """A file without listeners, for `run`."""
    return culvert.write(make_node.settings())


def run(culvert, config, *command, **kwargs):
    return culvert.call("run", "-c", config, "--", *command, **kwargs)


@pytest.mark.parametrize("code", [0, 1, 3, 77, 255])
def test_run_gives_the_exit_code(culvert, config, code):
    assert run(culvert, config, "sh", "-c", f"exit {code}")[0] == code


def test_run_codes_of_its_own(culvert, config):
    folder = culvert.folder()
    plain = culvert.write("x", "plain", folder)
    assert run(culvert, config, plain)[0] == 126
    assert run(culvert, config, folder + "/nothing")[0] == 127
    assert run(culvert, config, "no-such-command-anywhere")[0] == 127
    assert run(culvert, config, "sh", "-c", "kill -9 $$")[0] == 128 + 9
    assert run(culvert, config, "sh", "-c", "kill -15 $$")[0] == 128 + 15
    assert culvert.call("run", "-c", "/nonexistent.conf", "--", "true")[0] in (1, 125)


def test_run_without_tunnel_is_125(make_node, culvert, lab):
    with lab.far_socket(kind=socket.SOCK_DGRAM) as silent:
        silent.bind((FAR_IP, 0))
        text = make_node.settings(endpoint=f"{FAR_IP}:{silent.getsockname()[1]}",
                                  interface={"ConnectTimeout": 2})
        code, out, err = run(culvert, culvert.write(text), "echo", "started")
    assert code == 125 and "started" not in out and err


def test_run_sets_the_proxy_variables_and_extends_no_proxy(culvert, config):
    code, out, err = run(culvert, config, "env", env={"NO_PROXY": "intern.example,.corp"})
    assert code == 0 and not err, "quiet unless something is wrong"
    seen = dict(line.split("=", 1) for line in out.splitlines() if "=" in line)
    for name in ("ALL_PROXY", "all_proxy"):
        assert seen[name].startswith("socks5h://127.0.0.1:")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        assert seen[name].startswith("http://127.0.0.1:")
    for name in ("NO_PROXY", "no_proxy"):
        assert "intern.example" in seen[name] and ".corp" in seen[name]
        assert "localhost" in seen[name] and "127.0.0.1" in seen[name]
    assert seen["NODE_USE_ENV_PROXY"] == "1"
    assert "PRIVATE" not in out.upper()


def test_run_curl_through_it(culvert, config):
    code, out, err = run(culvert, config, "curl", "-sS", "-m", "20", "http://origin.test/hi")
    assert code == 0, err
    assert json.loads(out)["target"] == "/hi"


def test_run_passes_standard_input_and_arguments(culvert, config):
    code, out, _ = run(culvert, config, "sh", "-c", 'cat; printf "%s|" "$@"', "x", "a b", "-c",
                       "--", stdin="hello ")
    assert (code, out) == (0, "hello a b|-c|--|")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_run_forwards_signals(culvert, config, number):
    # A signal just before pause() would leave it waiting for another one.
    script = (f"import signal, sys, time\nsignal.signal({int(number)}, lambda *_: sys.exit(42))\n"
              "print('ready', flush=True)\nwhile True:\n    time.sleep(0.1)")
    process = culvert.popen("run", "-c", config, "--", sys.executable, "-c", script,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert process.wait(15) == 42
    process.stdout.close()


def test_run_leaves_no_orphan_when_it_is_killed(culvert, config):
    process = culvert.popen("run", "-c", config, "--", "sh", "-c", "echo $$; exec sleep 600",
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    child = int(process.stdout.readline())
    process.kill()
    process.wait()
    wait_for(lambda: not os.path.exists(f"/proc/{child}"), what="the command to end")
    process.stdout.close()


def test_run_listens_on_loopback_only_while_the_command_runs(culvert, config):
    code, out, _ = run(culvert, config, "sh", "-c", "echo $ALL_PROXY")
    port = int(out.strip().rsplit(":", 1)[1].strip("/"))
    assert code == 0 and socket.socket().connect_ex(("127.0.0.1", port)) != 0


def test_everything_from_the_environment(make_node, culvert, origin):
    """No file at all: the names are documented in the manual as CULVERT_*."""
    private, port = culvert.secrets.add(genkey()), free_port()
    ip4, _ = make_node.far.add_peer(pubkey(private))
    env = {"CULVERT_PRIVATE_KEY": private, "CULVERT_ADDRESS": f"{ip4}/32",
           "CULVERT_PEER_PUBLIC_KEY": make_node.far.public,
           "CULVERT_PEER_ENDPOINT": f"{FAR_IP}:{make_node.far.port}",
           "CULVERT_PEER_ALLOWED_IPS": "0.0.0.0/0", "CULVERT_MIXED": f"127.0.0.1:{port}"}
    process = culvert.popen("up", env=env, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: process.poll() is not None
                 or socket.socket().connect_ex(("127.0.0.1", port)) == 0, what="listener")
        assert process.poll() is None, process.stderr.read().decode()
        with socks5(("127.0.0.1", port), ORIGIN, 80) as sock:
            assert http_get(Stream(sock), ORIGIN).status == 200
    finally:
        process.terminate()
        process.wait(15)
        process.stderr.close()
