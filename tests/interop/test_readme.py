"""README's commands, word for word, with real programs and servers."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess

import pytest

import servers
import services
from dnsd import A
from netlab import FAR_IP, die_with_parent, genkey, pubkey, wait_for
from node import ROOT, section
from services import PG_PORT, SSH_PORT, WEB
# pylint: disable=unused-import
from test_clients import (HELLO, database, environment, folder, git_backend, run,  # noqa: F401
                          sshd, web)
# pylint: disable=redefined-outer-name

with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as _file:
    README = _file.read()
DEFAULT = ("127.0.0.1", 1080)


def printed(command):
    """The command, after a look that README prints it."""
    assert command in README, f"README.md no longer prints: {command}"
    return command


def shell(command, **kwargs):
    return run("sh", "-c", command, **kwargs)


@pytest.fixture
def names(web, dns):  # noqa: F811
    for name in ("intranet.corp", "git.corp", "db.corp", "host", "host.corp"):
        dns.records[name] = [(A, WEB, 60)]


@pytest.fixture
def default_node(names, make_node):
    """A file without any listener, as wg-quick leaves it."""
    node = make_node.start(make_node.settings(), DEFAULT)
    node.ip4 = make_node.last_ip4
    return node


def test_a_file_without_listener_serves_both_kinds_on_1080(default_node):
    assert b"127.0.0.1:1080" in default_node.output()
    command = printed("curl -x socks5h://127.0.0.1:1080 http://intranet.corp/")
    assert shell(command + "hello.txt").stdout == HELLO
    for url in ("http://127.0.0.1:1080", "socks4a://127.0.0.1:1080"):
        assert run("curl", "-sSf", "-x", url, "http://intranet.corp/hello.txt").stdout == HELLO


def test_ssh_line(default_node, sshd, folder):  # noqa: F811
    """`ssh` finds key, port and host key in a configuration file, as a user's would."""
    path = os.path.join(folder, "bin")
    services.write(f"{folder}/ssh_config", f"Host *\n Port {SSH_PORT}\n IdentityFile "
                   f"{sshd.folder}/user\n UserKnownHostsFile {sshd.folder}/known\n"
                   f" HostKeyAlias [web.test]:{SSH_PORT}\n BatchMode yes\n")
    wrapper = services.write(f"{path}/ssh", f'#!/bin/sh\nexec {shutil.which("ssh")} '
                             f'-F {folder}/ssh_config "$@"\n')
    os.chmod(wrapper, 0o755)
    env = environment(PATH=f"{path}:{os.environ['PATH']}")
    command = printed("ssh -o ProxyCommand='nc -X 5 -x 127.0.0.1:1080 %h %p' host")
    assert shell(command + " echo arrived", env=env).stdout == "arrived\n"


def test_git_line(default_node, git_backend, folder, tmp_path):  # noqa: F811
    command = printed("git -c http.proxy=socks5h://127.0.0.1:1080 clone http://git.corp/repo")
    if not os.path.exists(f"{folder}/git/repo"):
        os.symlink("project.git", f"{folder}/git/repo")
    # The test's server has its repositories below /git/.
    shell(command.replace("corp/repo", "corp/git/repo"), cwd=tmp_path)
    assert (tmp_path / "repo" / "file0").exists()


def test_psql_line(names, database, make_node):  # noqa: F811
    for part in ("`BindAddress = 127.0.0.1:5432`", "`Target = db.corp:5432`"):
        printed(part)
    make_node.start(make_node.settings() + section("TCPClientTunnel", Target=f"db.corp:{PG_PORT}",
                                                   BindAddress="127.0.0.1:5432"),
                    ("127.0.0.1", 5432))
    env = environment(PGUSER="postgres", PGDATABASE="postgres")
    done = shell(printed("psql -h 127.0.0.1") + " -At -c 'select 6*7'", env=env)
    assert done.stdout == "42\n"


def test_run_line(names, make_node, culvert):
    printed("culvert run -c wg.conf -- ./deploy.sh")
    where = culvert.folder()
    culvert.write(make_node.settings(), "wg.conf", where)
    script = culvert.write("#!/bin/sh\ncurl -sSf http://intranet.corp/hello.txt; exit 5\n",
                           "deploy.sh", where)
    os.chmod(script, os.stat(script).st_mode | stat.S_IXUSR)
    # culvert's test harness has a working directory of its own.
    code, out, err = culvert.call("run", "-c", os.path.join(where, "wg.conf"), "--", "sh", "-c",
                                  f"cd {where} && exec ./deploy.sh")
    assert (code, out) == (5, HELLO), err


def test_server_tunnel_line(names, make_node, lab):
    for part in ("`ListenPort = 80`", "`Target = 127.0.0.1:8080`"):
        printed(part)
    server = servers.Server(socket.socket(), servers.http_origin("local"), "127.0.0.1", 8080)
    try:
        node = make_node.start(make_node.settings() + section(
            "TCPServerTunnel", ListenPort=80, Target="127.0.0.1:8080"))
        node.wait_log("tunnel is up")
        done = subprocess.run(["ip", "netns", "exec", lab.far_ns, "curl", "-sSf", "-m", "20",
                               f"http://{make_node.last_ip4}/"], capture_output=True, text=True,
                              check=True, env=environment(), preexec_fn=die_with_parent)
        assert '"target": "/"' in done.stdout
    finally:
        server.close()


def test_container_line(names, make_node, culvert):
    printed("CULVERT_PRIVATE_KEY=file:/run/secrets/key CULVERT_ADDRESS=10.0.0.2/32 ... culvert up")
    private = culvert.secrets.add(genkey())
    ip4, _ = make_node.far.add_peer(pubkey(private))
    make_node.peers.append((make_node.far, pubkey(private)))
    key = culvert.write(private + "\n", "key")
    process = culvert.popen("up", stderr=subprocess.PIPE, env={
        "CULVERT_PRIVATE_KEY": f"file:{key}", "CULVERT_ADDRESS": f"{ip4}/32",
        "CULVERT_PEER_PUBLIC_KEY": make_node.far.public, "CULVERT_DNS": "10.100.0.53",
        "CULVERT_PEER_ENDPOINT": f"{FAR_IP}:{make_node.far.port}"})
    try:
        wait_for(lambda: process.poll() is not None
                 or socket.socket().connect_ex(DEFAULT) == 0, what="listener")
        done = run("curl", "-sSf", "-x", "127.0.0.1:1080", "http://intranet.corp/hello.txt")
        assert done.stdout == HELLO
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_settings_example(names, make_node, culvert):
    """The INI block, with the values that README leaves to the reader."""
    text = re.search(r"```ini\n(.*?)```", README, re.S)[1]
    private = culvert.secrets.add(genkey())
    ip4, _ = make_node.far.add_peer(pubkey(private))
    make_node.peers.append((make_node.far, pubkey(private)))
    key = culvert.write(private + "\n", "wg-key")
    for old, new in (("/run/secrets/wg-key", key), ("10.0.0.2/32", f"{ip4}/32"),
                     ("<the other side's public key>", make_node.far.public),
                     ("vpn.example.com:51820", f"{FAR_IP}:{make_node.far.port}"),
                     ("10.0.0.1, corp.example", "10.100.0.53, corp")):
        assert old in text
        text = text.replace(old, new)
    code, out, err = culvert.call("check", "-c", culvert.write(text))
    assert code == 0 and "warn" not in (out + err).lower(), out + err
    make_node.start(text, DEFAULT)
    # "host" is found with the search domain.
    done = run("curl", "-sSf", "-x", "socks5h://127.0.0.1:1080", "http://host/hello.txt")
    assert done.stdout == HELLO


def test_demo_prints_commands_that_work(culvert):
    master, slave = os.openpty()
    process = culvert.popen("demo", stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    try:
        shown = b""
        while b"Ctrl-C" not in shown:
            shown += os.read(master, 4096)
        commands = re.findall(r"^\s*(curl .*?)\s*$", shown.decode(), re.M)
        assert commands, shown
        for command in commands:
            assert shell(command).stdout, command
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)
        os.close(master)


def test_what_users_see(names, make_node, culvert, default_node):
    """README's table of failures, as curl shows them."""
    for url, status, words in (
            ("http://nothing.corp/", "502", "name not found"),
            (f"http://{WEB}:9/", "502", "refused"),
            ("http://127.0.0.1/", "403", "")):
        done = run("curl", "-sS", "-x", "127.0.0.1:1080", "-w", "%{http_code}", url, check=False)
        assert status in done.stdout and words in done.stdout.lower(), done.stdout
    default_node.process.send_signal(signal.SIGUSR1)
    default_node.wait_log("peer .*session")
    default_node.wait_log("drops")
