"""Start, configuration errors, signals, exit codes, logs."""

import json
import os
import signal
import socket
import subprocess

import pytest

import servers
from clients import dial, http_get, socks5
from httpio import Stream
from netlab import FAR_IP, ORIGIN, genkey, pubkey, wait_for
from node import free_port, section


def minimal(**changes):
    """The settings of a valid file, as (section, key, value) lines with replacements."""
    lines = {"Interface.PrivateKey": genkey(), "Interface.Address": "10.99.0.9/32",
             "Peer.PublicKey": pubkey(genkey()), "Peer.Endpoint": f"{FAR_IP}:51820",
             "Socks5.BindAddress": f"127.0.0.1:{free_port()}"}
    lines.update(changes)
    text, last = "", None
    order = {"Interface": 0, "Peer": 1}
    for name, value in sorted(lines.items(), key=lambda item: order.get(item[0].split(".")[0], 2)):
        head, key = name.split(".")
        text += f"[{head}]\n" if head != last else ""
        text += f"{key} = {value}\n" if value is not None else ""
        last = head
    return text


def test_check_accepts_a_good_file(culvert):
    code, _, err = culvert.call("check", "-c", culvert.write(minimal()))
    assert code == 0, err


@pytest.mark.parametrize("text,wants", [
    (minimal(**{"Interface.PrivateKey": "not-a-key"}), ["PrivateKey", ":2"]),
    (minimal(**{"Interface.PrivateKey": None}), ["PrivateKey"]),
    (minimal(**{"Interface.Address": "10.0.0.300/32"}), ["Address", ":3"]),
    (minimal(**{"Interface.Address": "10.0.0.1/33"}), ["Address", ":3"]),
    (minimal(**{"Peer.PublicKey": "AAAA"}), ["PublicKey"]),
    (minimal(**{"Peer.Endpoint": "host"}), ["Endpoint"]),
    (minimal(**{"Peer.Endpoint": "host:0"}), ["Endpoint"]),
    (minimal(**{"Peer.Endpoint": "host:65536"}), ["Endpoint"]),
    (minimal(**{"Peer.AllowedIP": "10.0.0.0/8"}), ["AllowedIP", "AllowedIPs"]),
    (minimal(**{"Peer.AllowedIPs": "10.0.0.0/99"}), ["AllowedIPs"]),
    (minimal(**{"Interface.MTU": "12"}), ["MTU"]),
    (minimal(**{"Interface.ListenPort": "x"}), ["ListenPort"]),
    (minimal(**{"Socks.BindAddress": "127.0.0.1:1"}), ["Socks", "Socks5"]),
    (minimal(**{"Socks5.BindAddress": "127.0.0.1"}), ["BindAddress"]),
    (minimal(**{"Socks5.Usernam": "x"}), ["Usernam", "Username"]),
    (minimal() + "garbage line\n", ["garbage"]),
    (minimal() + "[UDPProxyTunnel]\nBindAddress = 127.0.0.1:1\n", ["not supported yet"]),
    ("[Interface\n", [":1"]),
    ("", []),
])
def test_configuration_errors(culvert, text, wants):
    path = culvert.write(text)
    for command in ("check", "up"):
        code, out, err = culvert.call(command, "-c", path)
        assert code == 1, out + err
        said = out + err
        for want in wants + [path]:
            assert want in said, f"{want!r} is not in {said!r}"


def test_missing_file_is_a_configuration_error(culvert):
    code, _, err = culvert.call("up", "-c", "/nonexistent/file.conf")
    assert code == 1 and "/nonexistent/file.conf" in err


def test_unknown_option_and_command_are_usage_errors(culvert):
    assert culvert.call("up", "--bogus")[0] == 2
    assert culvert.call("bogus")[0] == 2
    code, _, err = culvert.call("chek", "file.conf")
    assert code == 2 and "did you mean check?" in err
    code, _, err = culvert.call("nothing.conf")
    assert code == 1 and "nothing.conf: no such file" in err


def test_file_details(make_node, origin, culvert):
    """CRLF, byte order mark, case, comments, $VAR, file:, repeated keys, wg-quick's keys."""
    secret = culvert.secrets.add("pa;ss#word")
    password = culvert.write(secret + "\n", "password")
    text, port = make_node.settings(), free_port()
    text = text.replace("PrivateKey", "PRIVATEKEY").replace("[Interface]", "[interface]")
    text += section("Socks5", BindAddress="$WHERE", Username="me", Password=f"file:{password}")
    text = "\ufeff# comment\n; another\n" + text.replace(
        "DNS =", "Table = off\nPostUp = true\nDNS =")
    node = make_node.start(text.replace("\n", "\r\n"), ("127.0.0.1", port),
                           env={"WHERE": f"127.0.0.1:{port}"})
    with socks5(("127.0.0.1", port), ORIGIN, 80, "me", secret) as sock:
        assert http_get(Stream(sock), ORIGIN).status == 200
    for key in (b"Table", b"PostUp"):
        assert node.output().count(key) == 1


def test_wgconfig_names_another_file(make_node, origin, culvert):
    port = free_port()
    inner = culvert.write(make_node.settings(), "wg.conf")
    make_node.start(f"WGConfig = {inner}\n\n" + section("Socks5",
                                                        BindAddress=f"127.0.0.1:{port}"),
                    ("127.0.0.1", port))
    with socks5(("127.0.0.1", port), ORIGIN, 80) as sock:
        assert http_get(Stream(sock), ORIGIN).status == 200


def test_warns_of_a_key_file_that_others_read(culvert):
    _, out, err = culvert.call("check", "-c", culvert.write(minimal(), mode=0o644))
    assert "warn" in (out + err).lower()
    _, out, err = culvert.call("check", "-c", culvert.write(minimal()))
    assert "warn" not in (out + err).lower()


def test_a_read_only_mount_is_no_reason_to_warn(culvert):
    """As container runtimes mount secrets: readable by all, and nobody can change it."""
    folder = culvert.folder()
    path = culvert.write(minimal(), folder=folder, mode=0o644)
    os.chmod(folder, 0o755)
    mount = ["unshare", "-m", "sh", "-c", 'd="$0"; mount --bind "$d" "$d" && '
             'mount -o remount,bind,ro "$d" && exec "$@"', folder]
    code, out, err = culvert.call("check", "-c", path, wrapper=mount)
    assert code == 0 and "warn" not in (out + err).lower(), err


@pytest.mark.parametrize("where,wants", [
    ("10.9.9.9:1080", "this machine does not have that address"),
    ("unix:/nonexistent/folder/socket", "the folder does not exist"),
    ("unix:/proc/socket", "change BindAddress"),
    ("unix:/etc/passwd", "another kind of file"),
])
def test_a_listener_that_cannot_be_says_what_to_do(culvert, where, wants):
    text = minimal(**{"Socks5.BindAddress": where, "Socks5.Username": "u", "Socks5.Password": "p"})
    code, _, err = culvert.call("up", "-c", culvert.write(text))
    assert code == 3 and wants in err and where in err


def test_check_and_up_show_what_was_understood(culvert):
    far = pubkey(genkey())
    private = culvert.secrets.add(genkey())
    culvert.secrets.add("swordfish")
    text = (section("Interface", PrivateKey=private, Address="$ADDR", DNS="10.0.0.1, corp.example") +
            section("Peer", PublicKey=far, Endpoint="[fd00::1]:51820",
                    AllowedIPs=", ".join(f"10.{n}.0.0/16" for n in range(10))) +
            section("Mixed", BindAddress=f"127.0.0.1:{free_port()}", Username="u",
                    Password="swordfish") +
            section("TCPClientTunnel", BindAddress=f"127.0.0.1:{free_port()}", Target="db.corp:5432") +
            section("TCPServerTunnel", ListenPort=80, Target="127.0.0.1:8080") +
            section("TCPServerTunnel", ListenPort=81, Target="$WHERE"))
    env = {"ADDR": "10.99.0.9", "WHERE": "swordfish:1"}
    path = culvert.write(text)
    code, out, err = culvert.call("check", path, env=env)
    assert code == 0, err
    network = [pubkey(private), "corp.example", far, "[fd00::1]:51820", "10.7.0.0/16 and 2 more"]
    for want in network + ["to db.corp:5432", "port 80 of this node to 127.0.0.1:8080", path,
                           "with a password", "port 81 of this node to (from a variable"]:
        assert want in out
    assert "10.99.0.9" not in out, "a variable's value"
    assert [line.split()[0] for line in out.splitlines() if "with a password" in line] == ["listener"]
    assert "with a password" not in [line for line in out.splitlines() if "db.corp" in line][0]
    process = culvert.popen("up", path, env=env, stderr=subprocess.PIPE)
    log = b""
    while b"port 81 of this node" not in log:
        line = process.stderr.readline()
        assert line, log
        log += line
    process.terminate()
    log += process.communicate()[1]
    assert process.returncode == 0
    culvert.examine(log, "culvert up")
    for want in network + [path]:
        assert want in log.decode()


def test_called_as_wireproxy_is(culvert):
    path = culvert.write(minimal())
    for args in (["-n", "-c", path], ["--configtest", "--config", path], ["-s", "-n", path],
                 ["up", "-n", path]):
        code, out, err = culvert.call(*args)
        assert code == 0 and out.startswith("OK"), err
    bad = culvert.write(minimal(**{"Interface.MTU": "1"}))
    assert culvert.call("-n", "-c", bad)[0] == 1
    assert culvert.call("-c", path, bad)[0] == 2
    assert culvert.call(bad)[0] == 1 and culvert.call("-s", "-c", bad)[0] == 1
    assert culvert.call("-v")[1].startswith("culvert ")
    code, _, err = culvert.call("-c", path, "-i", "127.0.0.1:9080")
    assert code == 2 and "no status listener yet" in err and "SIGUSR1" in err
    for args in (["check", "-d", path], ["up", "--once", path], ["run", "-n", "-c", path, "true"]):
        code, _, err = culvert.call(*args)
        assert code == 2 and "does not belong to" in err


def test_the_default_paths_are_those_of_wireproxy(culvert):
    home = culvert.folder()
    code, _, err = culvert.call("check", env={"HOME": home})
    assert code == 1 and "/etc/wireproxy/wireproxy.conf" in err
    assert culvert.call(env={"HOME": home})[0] == 2
    os.mkdir(os.path.join(home, ".config"))
    os.chmod(os.path.join(home, ".config"), 0o755)
    culvert.write(minimal(**{"Interface.MTU": "1"}), "wireproxy.conf", os.path.join(home, ".config"))
    for args in ([], ["up"], ["check"], ["-s"]):
        code, _, err = culvert.call(*args, env={"HOME": home})
        assert code == 1 and "/.config/wireproxy.conf:4: [Interface] MTU: out of range" in err
    env = {"HOME": home, "CULVERT_PRIVATE_KEY": culvert.secrets.add(genkey()),
           "CULVERT_ADDRESS": "10.0.0.2", "CULVERT_PEER_PUBLIC_KEY": pubkey(genkey()),
           "CULVERT_PEER_ENDPOINT": "vpn.example:1"}
    code, _, err = culvert.call("check", env=env)
    assert code == 0, f"variables come before default paths: {err}"


def test_a_daemon_listens_before_its_parent_ends(culvert):
    port = free_port()
    text = minimal(**{"Socks5.BindAddress": f"127.0.0.1:{port}"})
    path = culvert.write(text)
    code, _, err = culvert.call("-d", "-c", path)
    assert code == 0, err
    with open(f"/proc/{os.getpid()}/net/tcp", encoding="ascii") as file:
        assert f"0100007F:{port:04X}" in file.read()
    pids = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and _arguments(pid)[1:] ==
            ["-d", "-c", path]]
    assert len(pids) == 1
    try:
        # A second one cannot listen there, which the caller hears.
        code, _, err = culvert.call("-d", "-c", path)
        assert code == 3 and str(port) in err
    finally:
        os.kill(pids[0], signal.SIGTERM)
        wait_for(lambda: not _arguments(pids[0]), what="the daemon's end")


def _arguments(pid):
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return file.read().split("\0")[:-1]
    except OSError:
        return []


def test_warns_of_an_open_listener(culvert):
    text = minimal(**{"Socks5.BindAddress": "0.0.0.0:1080"})
    _, out, err = culvert.call("check", "-c", culvert.write(text))
    assert "warn" in (out + err).lower() and "password" in (out + err).lower()


@pytest.mark.parametrize("what", ["tcp", "udp"])
def test_port_in_use_is_exit_3(culvert, what):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if what == "tcp"
                       else socket.SOCK_DGRAM) as busy:
        busy.bind(("127.0.0.1" if what == "tcp" else "0.0.0.0", 0))
        if what == "tcp":
            busy.listen(1)
        port = busy.getsockname()[1]
        text = minimal(**({"Socks5.BindAddress": f"127.0.0.1:{port}"} if what == "tcp"
                          else {"Interface.ListenPort": port}))
        code, _, err = culvert.call("up", "-c", culvert.write(text))
    assert code == 3 and str(port) in err


def test_log_says_listeners_and_readiness_and_no_destinations(node):
    with socks5(node.socks, ORIGIN, 80) as sock:
        http_get(Stream(sock), ORIGIN)
    node.wait_log("tunnel")
    output = node.output().decode()
    assert f"{node.socks[0]}:{node.socks[1]}" in output
    assert f"{node.http[0]}:{node.http[1]}" in output
    assert ORIGIN not in output, "a destination is in the log"


def test_json_log(make_node, origin):
    node = make_node(start={"args": ["--log-format", "json"]})
    with socks5(node.socks, ORIGIN, 80):
        pass
    for line in node.output().decode().splitlines():
        assert isinstance(json.loads(line), dict)


def test_debug_log_shows_no_secret(make_node, origin):
    """The fixture's own check greps the output; here the output is as long as can be."""
    for level in ("debug", "trace"):
        node = make_node(login=("user", "s3cret-pass"), start={"args": ["--log-level", level]})
        with socks5(node.socks, ORIGIN, 80, "user", "s3cret-pass"):
            pass


def test_sigterm_without_connections_ends_at_once(node):
    with socks5(node.socks, ORIGIN, 80) as sock:
        http_get(Stream(sock), ORIGIN)
    assert node.terminate(timeout=8) == 0  # less than the grace period


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_grace_for_open_connections(node, serve, number):
    """After the signal no new ones; the open one goes on, and its end ends the process."""
    with socks5(node.socks, ORIGIN, serve(servers.echo).port) as sock:
        sock.sendall(b"before")
        assert sock.recv(100) == b"before"
        node.process.send_signal(number)

        def refused():
            try:
                dial(node.socks, timeout=1).close()
                return False
            except OSError:
                return True

        wait_for(refused, what="no new connections")
        sock.sendall(b"after")
        assert sock.recv(100) == b"after"
        assert node.process.poll() is None
    assert node.process.wait(8) == 0


def test_grace_ends(node, serve):
    with socks5(node.socks, ORIGIN, serve(servers.echo).port):
        assert node.terminate(timeout=20) == 0


def test_second_signal_ends_at_once(node, serve):
    with socks5(node.socks, ORIGIN, serve(servers.echo).port):
        node.process.send_signal(signal.SIGTERM)
        wait_for(lambda: socket.socket().connect_ex(node.socks) != 0, what="no new connections")
        node.process.send_signal(signal.SIGTERM)
        node.process.wait(5)  # less than the grace period


def test_sigusr1_logs_the_state(node):
    with socks5(node.socks, ORIGIN, 80):
        before = node.output().count(b"\n")
        node.process.send_signal(signal.SIGUSR1)
        wait_for(lambda: node.output().count(b"\n") > before, what="status lines")
        node.wait_log("peer")
        node.wait_log("sent again: 0 segments in 0 recoveries")
    assert node.process.poll() is None


def handles(pid, signo):
    """Whether the signal would not end the process: blocked, ignored or caught."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        masks = [int(line.split()[1], 16) for line in file if line[:6] in ("SigBlk", "SigIgn", "SigCgt")]
    return any(mask >> (signo - 1) & 1 for mask in masks)


def test_sigusr1_before_the_start_is_over_is_answered_after_it(culvert):
    process = culvert.popen("up", "-c", "-", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)
    wait_for(lambda: handles(process.pid, signal.SIGUSR1), what="SIGUSR1 held")
    process.send_signal(signal.SIGUSR1)
    process.stdin.write(minimal().encode())
    process.stdin.close()
    seen = b""
    while b"sent again:" not in seen:
        line = process.stderr.readline()
        assert line, f"ended with {process.wait()}: {seen.decode()}"
        seen += line
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    culvert.examine(seen + process.stderr.read(), "culvert up")


def test_sighup_and_sigpipe_do_no_harm(node):
    node.process.send_signal(signal.SIGPIPE)
    with socks5(node.socks, ORIGIN, 80) as sock:
        assert http_get(Stream(sock), ORIGIN).status == 200


def test_raises_the_descriptor_limit(node):
    with open(f"/proc/{node.process.pid}/limits", encoding="ascii") as file:
        line = [row for row in file if row.startswith("Max open files")][0].split()
    assert line[3] == line[4]


def test_runs_unprivileged(node, lab):
    with open(f"/proc/{node.process.pid}/status", encoding="ascii") as file:
        status = dict(row.split(":", 1) for row in file)
    assert int(status["CapEff"], 16) == 0
    if lab.is_root:
        assert status["Uid"].split() == ["1000"] * 4


def test_no_secret_in_the_command_line_or_environment_of_the_process(node, secrets):
    for name in ("cmdline", "environ"):
        with open(f"/proc/{node.process.pid}/{name}", "rb") as file:
            secrets.check(file.read(), name)


def test_survives_a_closed_standard_error(make_node, culvert, origin):
    """Whoever reads the log may go away."""
    read_end, write_end = os.pipe()
    text, port = make_node.settings(), free_port()
    path = culvert.write(text + section("Socks5", BindAddress=f"127.0.0.1:{port}"))
    process = culvert.popen("up", "-c", path, stderr=write_end)
    os.close(write_end)
    os.close(read_end)
    try:
        wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, what="listener")
        with socks5(("127.0.0.1", port), ORIGIN, 80) as sock:
            assert http_get(Stream(sock), ORIGIN).status == 200
    finally:
        process.terminate()
        process.wait(15)
