"""Programs that people use, through culvert, against real servers behind the far end.

A test is skipped, with the reason, when its program is not installed.
"""

import hashlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

import pytest

import services
from netlab import ORIGIN, die_with_parent, wait_for
from node import free_port, section
from dnsd import A
from services import (FILE_SIZE, IMAGES, PACKAGES, PG_PORT, SSH_PORT, WEB, daemon, listens)

HELLO = "hello from a.web.test\n"


def need(name, *binaries):
    return pytest.mark.skipif(bool(reason := services.free_of(name, *binaries)),
                              reason=reason or "")


def environment(**more):
    """The environment without settings of proxies and certificates, plus what is given."""
    env = {k: v for k, v in os.environ.items()
           if not k.lower().endswith("_proxy") and not k.startswith(("GIT_", "SSL_", "CURL_"))}
    env.update(GIT_CONFIG_GLOBAL="/dev/null", LC_ALL="C.UTF-8", **more)
    return env


def run(*argv, env=None, timeout=120, text=True, check=True, **kwargs):
    """Run a client to its end; an unexpected exit shows all that it printed."""
    done = subprocess.run(argv, env=env or environment(), capture_output=True, text=text,
                          timeout=timeout, check=False, preexec_fn=die_with_parent, **kwargs)
    if check:
        assert done.returncode == 0, f"{argv}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@pytest.fixture(scope="module")
def folder():
    """A folder that the servers' users can enter."""
    path = tempfile.mkdtemp(prefix="culvert-clients-")
    os.chmod(path, 0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def web(lab, folder, dns, origin):
    """nginx with two virtual hosts, plain and TLS; git, a package archive, WebSocket beside it."""
    lab.far_ip("addr", "replace", WEB + "/32", "dev", "lo")
    for name in ("web.test", "a.web.test", "b.web.test"):
        dns.records[name] = [(A, WEB, 60)]

    class Web:
        sha256 = services.make_site(folder)
        head = services.make_git(folder)
        ca = f"{folder}/tls.crt"
        log = f"{folder}/access.log"

    services.make_apt_repository(folder)
    config = services.nginx_config(folder)
    with daemon(lab, ["nginx", "-c", config, "-e", f"{folder}/error.log"], f"{folder}/nginx.log"):
        listens(lab, WEB, 80)
        yield Web


@pytest.fixture
def proxy(web, make_node):
    """A node; `proxy.s` and `proxy.h` are HOST:PORT of its SOCKS and its HTTP listener."""
    node = make_node()
    node.s, node.h = (f"{host}:{port}" for host, port in (node.socks, node.http))
    return node


# --- curl ----------------------------------------------------------------------------------------

NAME, ADDRESS, TLS = "http://web.test", f"http://{WEB}", "https://web.test"


@pytest.mark.parametrize("args, base", [
    ("--socks4 {s}", ADDRESS), ("--socks4a {s}", NAME), ("--socks5 {s}", ADDRESS),
    ("--socks5-hostname {s}", NAME), ("-x socks5h://{s}", NAME), ("-x socks4a://{s}", NAME),
    ("-x http://{h}", NAME), ("-x {h}", ADDRESS), ("--proxytunnel -x {h}", NAME),
    ("--proxy1.0 {h}", NAME), ("--proxytunnel --proxy1.0 {h}", NAME), ("-0 -x {h}", NAME),
    ("-0 --socks5-hostname {s}", NAME), ("-k --socks4a {s}", TLS), ("-k -x {h}", TLS),
    ("-k -x socks5h://{s}", TLS), ("-k --http2 -x {h}", TLS), ("-k --http1.1 -x {h}", TLS),
    ("-x {h} --suppress-connect-headers -k", TLS), ("-x {h} --tcp-fastopen", NAME),
    ("-x {h} --proxy-header X-Test:1 -H Connection:close", NAME),
    ("-x socks5h://{s} --socks5-basic", NAME),
])
def test_curl(proxy, args, base):
    args = args.format(s=proxy.s, h=proxy.h).split()
    assert run("curl", "-sS", "-f", "-m", "20", *args, base + "/hello.txt").stdout == HELLO


@pytest.mark.parametrize("option", ["socks5h://{s}", "http://{h}"])
def test_curl_virtual_hosts_on_one_command(proxy, option):
    urls = [f"{scheme}://{host}.web.test/hello.txt"
            for host in "abab" for scheme in ("http", "https")]
    done = run("curl", "-sSfk", "-x", option.format(s=proxy.s, h=proxy.h), *urls)
    assert done.stdout == "".join(f"hello from {u[u.index('//') + 2]}.web.test\n" for u in urls)


@pytest.mark.parametrize("option", ["socks5h://{s}", "http://{h}"])
def test_curl_gzip_chunked_head(proxy, option):
    curl = ["curl", "-sSf", "-x", option.format(s=proxy.s, h=proxy.h)]
    packed = run(*curl, "-H", "Accept-Encoding: gzip", NAME + "/text.txt", text=False).stdout
    assert packed[:2] == b"\x1f\x8b" and len(packed) < 10000
    plain = run(*curl, "--compressed", NAME + "/text.txt").stdout
    assert plain == "the same line again and again\n" * 20000
    assert '"target": "/chunked"' in run(*curl, NAME + "/chunked").stdout
    assert "200" in run(*curl, "-I", NAME + "/big.bin").stdout.split("\r\n")[0]


def test_curl_login(web, make_node):
    node = make_node(login=("me", "s3cret:x"))
    socks, http = (f"{a}:{b}" for a, b in (node.socks, node.http))
    for args in (["-x", http, "--proxy-user", "me:s3cret:x"],
                 ["-x", f"http://me:s3cret%3Ax@{http}"],
                 ["-x", http, "-p", "-U", "me:s3cret:x"],
                 ["-x", http, "-U", "me:s3cret:x", "--proxy-anyauth"],
                 ["--socks5-hostname", socks, "-U", "me:s3cret:x"],
                 ["-x", f"socks5h://me:s3cret%3Ax@{socks}"]):
        assert run("curl", "-sSf", *args, NAME + "/hello.txt").stdout == HELLO
    seen = run("curl", "-sSf", "-x", http, "-U", "me:s3cret:x", f"http://{ORIGIN}/").stdout
    assert "roxy-" not in seen
    for args, codes, word in ((["-x", http], (22,), "407"),
                              (["-x", http, "-U", "me:no"], (22,), "407"),
                              (["-x", http, "-p"], (22, 56), "407"),
                              (["--socks5-hostname", socks], (97,), ""),
                              (["--socks5-hostname", socks, "-U", "me:no"], (97,), ""),
                              (["--socks4a", socks], (97,), "")):
        done = run("curl", "-sSf", *args, NAME + "/hello.txt", check=False)
        assert done.returncode in codes and word in done.stderr, (args, done)


@pytest.mark.parametrize("option", ["socks5h://{s}", "http://{h}"])
@pytest.mark.parametrize("args", [["-T", "FILE"], ["-T", "-"], ["-T", "FILE", "-H", "Expect:"],
                                  ["-T", "FILE", "-H", "Expect: 100-continue"],
                                  ["-X", "POST", "--data-binary", "@FILE"],
                                  ["-F", "f=@FILE"], ["-0", "-T", "FILE"]])
def test_curl_upload(proxy, folder, option, args):
    path = f"{folder}/upload.bin"
    data = os.urandom(3 << 20)
    services.write(path, data)
    args = [a.replace("FILE", path) for a in args]
    curl = ["curl", "-sSf", "--expect100-timeout", "20", "-x", option.format(s=proxy.s, h=proxy.h)]
    with open(path, "rb") as file:
        out = run(*curl, *args, f"http://{ORIGIN}/up", stdin=file).stdout
    if "-F" not in args:
        assert f'"length": {len(data)}' in out and hashlib.sha256(data).hexdigest() in out
    else:
        assert int(re.search(r'"length": (\d+)', out)[1]) > len(data)


def test_curl_put_get_delete(proxy, folder):
    path = services.write(f"{folder}/dav.bin", os.urandom(5 << 20))
    for base, name in ((NAME, "one"), (TLS, "two")):
        curl = ["curl", "-sSfk", "-x", proxy.h]
        run(*curl, "-T", path, f"{base}/put/{name}")
        assert sha256(f"{folder}/a/put/{name}") == sha256(path)
        run(*curl, "-X", "DELETE", f"{base}/put/{name}")
        assert not os.path.exists(f"{folder}/a/put/{name}")


@pytest.mark.parametrize("option", ["socks5h://{s}", "http://{h}"])
def test_curl_resume_range_and_limit_rate(proxy, web, folder, option):
    out = f"{folder}/part.bin"
    curl = ["curl", "-sSf", "-x", option.format(s=proxy.s, h=proxy.h), "-o", out]
    cut = run(*curl, "--limit-rate", "8M", "-m", "1", NAME + "/big.bin", check=False)
    assert cut.returncode == 28 and 0 < os.path.getsize(out) < FILE_SIZE
    run(*curl, "-C", "-", NAME + "/big.bin")
    assert sha256(out) == web.sha256
    run(*curl, "-r", "1000-2999", NAME + "/big.bin")
    with open(out, "rb") as part, open(f"{folder}/a/big.bin", "rb") as whole:
        whole.seek(1000)
        assert part.read() == whole.read(2000)


@pytest.mark.parametrize("option", ["socks5h://{s}", "http://{h}"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_curl_parallel_50(proxy, folder, option, scheme):
    out = tempfile.mkdtemp(dir=folder)
    run("curl", "-sSfk", "--http1.1", "--parallel", "--parallel-immediate", "--parallel-max", "50",
        "-x", option.format(s=proxy.s, h=proxy.h), "-o", f"{out}/#1",
        f"{scheme}://web.test/many/[0-{IMAGES - 1}].bin")
    for i in range(IMAGES):
        assert sha256(f"{out}/{i}") == sha256(f"{folder}/a/many/{i}.bin")


def test_curl_unix_socket_listener(web, make_node, culvert):
    path = os.path.join(culvert.folder(), "proxy.sock")
    node = make_node(extra=section("Mixed", BindAddress=f"unix:{path}"))
    node.wait_listening(path)
    # curl of Debian 12 knows socks5h://localhost/PATH.
    done = run("curl", "-sSf", "-x", f"socks5h://localhost{path}", NAME + "/hello.txt")
    assert done.stdout == HELLO


# --- other HTTP clients --------------------------------------------------------------------------

@need("wget", "wget")
def test_wget(proxy, web, folder):
    out = tempfile.mkdtemp(dir=folder)
    env = environment(http_proxy=f"http://{proxy.h}/", https_proxy=f"http://{proxy.h}/")
    wget = ["wget", "-q", "--tries=1", "--timeout=20", "-P", out]
    for base in (NAME, TLS):
        run(*wget, "--ca-certificate", web.ca, "-O", f"{out}/big", base + "/big.bin", env=env)
        assert sha256(f"{out}/big") == web.sha256
    with open(f"{out}/big", "r+b") as file:
        file.truncate(FILE_SIZE // 3)
    run(*wget, "-c", "-O", f"{out}/big", NAME + "/big.bin", env=env)
    assert sha256(f"{out}/big") == web.sha256
    run(*wget, "-r", "-np", "-nH", "-A", "bin", NAME + "/auto/", env=env)
    assert len(os.listdir(f"{out}/auto")) == IMAGES


@need("apt", "apt-get", "dpkg-deb")
@pytest.mark.parametrize("option", ["http://{h}", "socks5h://{s}"])
def test_apt_with_pipelining(proxy, folder, option):
    root = tempfile.mkdtemp(dir=folder)
    os.chmod(root, 0o755)
    for name in ("etc/apt/apt.conf.d", "lists/partial", "cache/archives/partial", "out"):
        os.makedirs(f"{root}/{name}")
    services.write(f"{root}/sources.list", "deb [trusted=yes] http://web.test/apt ./\n")
    services.write(f"{root}/status", "")
    options = {"Dir::Etc": f"{root}/etc/apt", "Dir::Etc::sourcelist": f"{root}/sources.list",
               "Dir::Etc::sourceparts": "-", "Dir::Etc::main": "-", "Dir::Etc::parts": "-",
               "Dir::State::lists": f"{root}/lists",
               "Dir::State::status": f"{root}/status", "Dir::Cache": f"{root}/cache",
               "Acquire::http::Proxy": option.format(s=proxy.s, h=proxy.h),
               "Acquire::http::Pipeline-Depth": "10", "APT::Sandbox::User": "root"}
    apt = ["apt-get", "-q"] + [f"-o{k}={v}" for k, v in options.items()]
    run(*apt, "update", "-oAPT::Update::Error-Mode=any")
    run(*apt, "download", *(f"culvert-test-{i}" for i in range(PACKAGES)), cwd=f"{root}/out")
    for name in os.listdir(f"{folder}/a/apt"):
        if name.endswith(".deb"):
            assert sha256(f"{root}/out/{name}") == sha256(f"{folder}/a/apt/{name}")


def test_python_requests(proxy, web):
    requests = pytest.importorskip("requests", reason="python3-requests is not installed")
    urls = [f"http://{proxy.h}"]
    try:
        import socks  # noqa: F401
        urls.append(f"socks5h://{proxy.s}")
    except ImportError:
        pass
    for url in urls:
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"http": url, "https": url}
            session.verify = web.ca
            for scheme in ("http", "https"):
                for host in "abba":
                    got = session.get(f"{scheme}://{host}.web.test/hello.txt", timeout=20)
                    assert got.text == f"hello from {host}.web.test\n"
                with session.get(f"{scheme}://web.test/big.bin", stream=True, timeout=20) as got:
                    digest = hashlib.sha256()
                    for part in got.iter_content(1 << 16):
                        digest.update(part)
                    assert digest.hexdigest() == web.sha256
            got = session.post(f"http://{ORIGIN}/x", data=(b"x" * 1000 for _ in range(100)),
                               timeout=20).json()
            assert got["length"] == 100000
            assert session.get(f"http://{ORIGIN}/chunked", timeout=20).json()["method"] == "GET"


def test_python_urllib(proxy, web):
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"http": f"http://{proxy.h}", "https": f"http://{proxy.h}"}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=web.ca)))
    for base in (NAME, TLS):
        with opener.open(base + "/hello.txt", timeout=20) as got:
            assert got.read().decode() == HELLO
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open("http://nowhere.test/", timeout=20)
    assert caught.value.code == 502 and b"nowhere.test" in caught.value.read()
    caught.value.close()


GO_PROGRAM = r"""
package main

import ("crypto/tls"; "fmt"; "io"; "net/http"; "os"; "strings"; "sync")

func main() {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
	c := &http.Client{Transport: t}
	get := func(url string) string {
		r, err := c.Get(url)
		if err != nil { fmt.Println(err); os.Exit(1) }
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err != nil { fmt.Println(err); os.Exit(1) }
		return r.Proto + " " + strings.TrimSpace(string(b))
	}
	fmt.Println(get("http://web.test/hello.txt"))
	fmt.Println(get("https://web.test/hello.txt"))
	var wg sync.WaitGroup
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := 0; j < 20; j++ { get(fmt.Sprintf("http://web.test/many/%d.bin", i)) }
		}()
	}
	wg.Wait()
	r, err := c.Post("http://10.100.0.1/up", "text/plain", io.LimitReader(zeros{}, 5000000))
	if err != nil { fmt.Println(err); os.Exit(1) }
	b, _ := io.ReadAll(r.Body)
	fmt.Println(strings.Contains(string(b), "\"length\": 5000000"))
}

type zeros struct{}
func (zeros) Read(p []byte) (int, error) { return len(p), nil }
"""


@pytest.fixture
def command(web, make_node, culvert):
    """command(*argv) under `culvert run`; returns its exit code and output."""
    config = culvert.write(make_node.settings())
    return lambda *argv, **kw: culvert.call("run", "-c", config, "--", *argv, timeout=60, **kw)


@need("go", "go")
@pytest.mark.parametrize("kind", ["http", "socks"])
def test_go_under_run(command, culvert, tmp_path, kind):
    (tmp_path / "main.go").write_text(GO_PROGRAM)
    binary = os.path.join(culvert.folder(), "client")
    run("go", "build", "-o", binary, "main.go", cwd=tmp_path,
        env=environment(GOFLAGS="-mod=mod", GO111MODULE="off"))
    os.chmod(os.path.dirname(binary), 0o755)
    shell = f"HTTP_PROXY=$ALL_PROXY HTTPS_PROXY=$ALL_PROXY exec {binary}"
    code, out, err = command(binary) if kind == "http" else command("sh", "-c", shell)
    assert code == 0, out + err
    hello = HELLO.strip()
    assert out.splitlines() == [f"HTTP/1.1 {hello}", f"HTTP/2.0 {hello}", "true"]


NODE_PROGRAM = r"""
const http = require('http'), https = require('https'), url = new URL(process.env.http_proxy);
const agent = new http.Agent({keepAlive: true, maxSockets: 4});
const via = {host: url.hostname, port: url.port, agent};
const text = r => new Promise((ok, no) => {
  let s = ''; r.on('data', d => s += d); r.on('end', () => ok(s)); r.on('error', no); });
const plain = path => new Promise((ok, no) => http.get({...via, path,
  headers: {host: new URL(path).host}}, r => ok(text(r))).on('error', no));
const tls = host => new Promise((ok, no) => http.request({...via, agent: undefined,
  method: 'CONNECT', path: host + ':443'}).on('connect', (r, socket) => {
    if (r.statusCode != 200) return no(new Error(r.statusCode));
    https.get({host, path: '/hello.txt', socket, agent: false, rejectUnauthorized: false},
      r => ok(text(r))).on('error', no);
  }).on('error', no).end());
(async () => {
  process.stdout.write(await plain('http://web.test/hello.txt'));
  process.stdout.write(await tls('web.test'));
  const many = await Promise.all([...Array(200).keys()].map(i =>
    plain(`http://web.test/img/${i % 50}.gif`)));
  console.log(many.length);
  agent.destroy();
})();
"""


@need("node", "node")
def test_node_under_run(command):
    code, out, err = command(shutil.which("node"), "-e", NODE_PROGRAM)
    assert (code, out) == (0, HELLO + HELLO + "200\n"), err


# --- git, ssh, PostgreSQL ------------------------------------------------------------------------

@pytest.fixture(scope="module")
def git_backend(lab, web, folder):
    with daemon(lab, ["fcgiwrap", "-s", f"unix:{folder}/fcgi.sock"], f"{folder}/fcgi.log"), \
         daemon(lab, ["git", "daemon", "--reuseaddr", "--export-all", f"--listen={WEB}",
                      f"--base-path={folder}/git"], f"{folder}/gitd.log",
                env=environment(HOME=folder)):
        wait_for(lambda: os.path.exists(f"{folder}/fcgi.sock"), what="fcgiwrap")
        listens(lab, WEB, services.GIT_PORT)
        yield


@need("git over HTTP", "git", "fcgiwrap", "/usr/lib/git-core/git-http-backend")
@pytest.mark.parametrize("option", ["socks5h://{s}", "http://{h}"])
@pytest.mark.parametrize("base", [NAME, TLS])
def test_git_clone_and_push(git_backend, proxy, web, folder, option, base):
    out = tempfile.mkdtemp(dir=folder)
    git = ["git", "-c", "http.proxy=" + option.format(s=proxy.s, h=proxy.h), "-c",
           f"http.sslCAInfo={web.ca}", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    run(*git, "clone", "-q", base + "/git/project.git", out)
    assert run("git", "-C", out, "cat-file", "-e", web.head).returncode == 0
    run("git", "-C", out, "fsck", "--strict")
    services.write(f"{out}/large", os.urandom(8 << 20))
    branch = "b-" + os.path.basename(out)
    run(*git, "-C", out, "checkout", "-q", "-b", branch)
    run(*git, "-C", out, "add", ".")
    run(*git, "-C", out, "commit", "-q", "-m", "large")
    run(*git, "-C", out, "push", "-q", "origin", branch)
    here = run("git", "-C", out, "rev-parse", "HEAD").stdout
    assert run("git", "--git-dir", f"{folder}/git/project.git", "-c", "safe.directory=*",
               "rev-parse", branch).stdout == here


@need("git over its own protocol", "git", "nc")
def test_git_protocol_with_git_proxy(git_backend, proxy, web, folder):
    out = tempfile.mkdtemp(dir=folder)
    script = services.write(f"{out}/via", f'#!/bin/sh\nexec nc -X 5 -x {proxy.s} "$1" "$2"\n')
    os.chmod(script, 0o755)
    run("git", "-c", f"core.gitProxy={script}", "clone", "-q", "git://web.test/project.git",
        f"{out}/p")
    assert run("git", "-C", f"{out}/p", "cat-file", "-e", web.head).returncode == 0


@pytest.fixture(scope="module")
def sshd(lab, web):
    if reason := services.free_of("ssh", "/usr/sbin/sshd", "ssh", "scp", "sftp", "nc"):
        pytest.skip(reason)
    if not lab.is_root:
        pytest.skip("sshd needs root")
    path = tempfile.mkdtemp(prefix="culvert-sshd-")
    with services.Sshd(path).run(lab) as server:
        yield server
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(params=["5", "4", "connect"])
def ssh_options(sshd, proxy, request):
    where = proxy.h if request.param == "connect" else proxy.s
    command = f"ProxyCommand=nc -X {request.param} -x {where} %h %p"
    if request.param == "4":  # netcat resolves itself for SOCKS4
        command = f"ProxyCommand=nc -X 4 -x {where} {WEB} %p"
    return [*sshd.options, "-o", command]


def test_ssh_command_and_session(ssh_options):
    ssh = ["ssh", "-p", str(SSH_PORT), *ssh_options]
    assert run(*ssh, "web.test", "echo $((6*7)); exit 7", check=False).stdout == "42\n"
    process = subprocess.Popen([*ssh, "-tt", "web.test"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env=environment(), preexec_fn=die_with_parent)
    try:
        for i in range(20):
            process.stdin.write(f"echo answer-$(({i}+1000))\n".encode())
            process.stdin.flush()
            line = b""
            while f"answer-{i + 1000}".encode() not in line:
                line = process.stdout.readline()
                assert line, "the session ended"
        process.stdin.write(b"exit 3\n")
        process.stdin.close()
        process.stdout.read()
        assert process.wait(20) == 3
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_scp_and_sftp_50_mb(ssh_options, web, folder):
    out = tempfile.mkdtemp(dir=folder)
    scp = ["scp", "-q", "-P", str(SSH_PORT), *ssh_options]
    run(*scp, f"web.test:{folder}/a/big.bin", f"{out}/down")
    assert sha256(f"{out}/down") == web.sha256
    run(*scp, "-O", f"{out}/down", f"web.test:{out}/up")
    assert sha256(f"{out}/up") == web.sha256
    run("sftp", "-q", "-P", str(SSH_PORT), *ssh_options, "-b", "-", "web.test",
        input=f"put {out}/up {out}/sftp\nls {out}\n")
    assert sha256(f"{out}/sftp") == web.sha256


def test_ssh_forward_inside_ssh(ssh_options, spawn):
    """A forward of ssh over the proxied connection: many channels on one stream."""
    port = free_port()
    spawn(["ssh", "-N", "-p", str(SSH_PORT), *ssh_options, "-L", f"{port}:{WEB}:80", "web.test"],
          env=environment(), stderr=subprocess.DEVNULL)
    wait_for(lambda: run("curl", "-sf", f"http://127.0.0.1:{port}/hello.txt",
                         check=False).stdout == HELLO, 20, "ssh -L")
    run("curl", "-sSf", "--parallel", "-o", "/dev/null", f"http://127.0.0.1:{port}/many/[0-49].bin")


@pytest.fixture(scope="module")
def database(lab, web):
    if not services.postgres_bin() or (reason := services.free_of("PostgreSQL", "psql")):
        pytest.skip("PostgreSQL: not installed: postgresql, postgresql-client")
    if not lab.is_root:
        pytest.skip("PostgreSQL needs root to change to its own user")
    path = tempfile.mkdtemp(prefix="culvert-pg-")
    os.chmod(path, 0o755)
    with services.postgres(lab, path):
        yield
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def psql(database, make_node):
    """Arguments of psql for the forwarded port."""
    port = free_port()
    make_node(extra=section("TCPClientTunnel", BindAddress=f"127.0.0.1:{port}",
                            Target=f"web.test:{PG_PORT}")).wait_listening(("127.0.0.1", port))
    return ["psql", "-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres",
            "-v", "ON_ERROR_STOP=1"]


def test_psql_query_and_idle_session(psql):
    assert run(*psql, "-c", "select 6 * 7").stdout == "42\n"
    script = "select 'before';\n\\! sleep 10\nselect 'after';\n"
    assert run(*psql, input=script).stdout == "before\nafter\n"


def test_psql_copy_50_mb_both_ways(psql, folder):
    rows = b"".join(b"%d\t%s\n" % (i, hashlib.sha256(b"%d" % i).hexdigest().encode())
                    for i in range(740000))
    path = services.write(f"{folder}/copy.tsv", rows)
    table = "t" + os.urandom(4).hex()
    run(*psql, "-c", f"create table {table} (i int, t text)",
        "-c", f"\\copy {table} from '{path}'")
    out = run(*psql, "-c", f"\\copy (select * from {table} order by i) to stdout", text=False)
    assert hashlib.sha256(out.stdout).digest() == hashlib.sha256(rows).digest()


def test_psql_cancel_with_ctrl_c(psql):
    """psql opens a second connection through the forward to cancel."""
    process = subprocess.Popen([*psql, "-c", "select 'started'", "-c", "select pg_sleep(600)"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
                               preexec_fn=die_with_parent)
    try:
        assert process.stdout.readline() == b"started\n"
        active = "select count(*) from pg_stat_activity where query like 'select pg_sleep%'"
        wait_for(lambda: run(*psql, "-c", active).stdout.strip() == "1", what="the query")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert b"canceling statement due to user request" in err
        assert run(*psql, "-c", active).stdout.strip() == "0"
    finally:
        process.kill()
        process.wait()


@need("pgbench", "pgbench")
def test_pgbench(psql):
    where = psql[5:11]
    run("pgbench", "-q", "-i", "-s", "1", *where, "postgres")
    out = run("pgbench", "-S", "-c", "20", "-C", "-t", "50", *where, "postgres").stdout
    assert "1000/1000" in out and "failed transactions: 0" in out


# --- browser -------------------------------------------------------------------------------------

CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", "--ignore-certificate-errors",
            "--timeout=30000", "--dump-dom"]


def browse(proxy_url, page):
    """The page's DOM after its scripts have run, as Chromium sees it through the proxy."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        return run(*CHROMIUM, f"--user-data-dir={profile}", f"--proxy-server={proxy_url}",
                   "--virtual-time-budget=20000", page, env=environment(HOME=profile)).stdout


@need("Chromium", "chromium")
@pytest.mark.parametrize("option", ["socks5://{s}", "http://{h}"])
@pytest.mark.parametrize("base", [NAME, TLS])
def test_chromium_page_with_images(proxy, option, base):
    dom = browse(option.format(s=proxy.s, h=proxy.h), base + "/page.html")
    assert f"IMAGES={IMAGES} FETCH=arrived" in dom, dom


@need("Chromium", "chromium")
@pytest.mark.parametrize("option", ["socks5://{s}", "http://{h}"])
def test_chromium_websocket(lab, proxy, web, spawn, tmp_path, option):
    """The page reports to the web server: Chromium's own clock does not wait for a WebSocket."""
    pytest.importorskip("websockets", reason="python3-websockets is not installed")
    mark = os.urandom(6).hex()
    with services.websocket_echo(lab):
        browser = spawn([*CHROMIUM[:-2], f"--user-data-dir={tmp_path}", "--remote-debugging-port=0",
                         f"--proxy-server={option.format(s=proxy.s, h=proxy.h)}",
                         f"{NAME}/ws.html?{mark}"], env=environment(HOME=str(tmp_path)),
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(web.log, encoding="utf-8") as log:
            seen = wait_for(lambda: re.search(f"report/{mark}/(\\S+)", log.read()), 40, "report",
                            interval=0.2)
        browser.terminate()
        browser.wait(20)
    assert seen[1] == "".join(f"m{i}" for i in range(20)) + "-1000"


# --- load and idleness ---------------------------------------------------------------------------

def usage(pid):
    """CPU ticks and voluntary context switches of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        switches = int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", file.read())[1])
    return int(fields[11]) + int(fields[12]), switches


def assert_idle(node, seconds=5):
    """Next to no CPU, and only timers wake it."""
    wait_for(lambda: node.descriptors() < 40, 30, "connections closed")
    ticks, switches = usage(node.process.pid)
    time.sleep(seconds)  # the length of the observation, not a wait
    after, later = usage(node.process.pid)
    assert after - ticks <= 2, f"{after - ticks} ticks in {seconds} s idle"
    assert later - switches <= 20 * seconds, f"{later - switches} wakeups in {seconds} s idle"


@need("wrk", "wrk")
def test_wrk_200_connections_absolute_form(proxy, tmp_path):
    script = tmp_path / "absolute.lua"
    script.write_text('request = function() return wrk.format("GET", '
                      '"http://web.test/hello.txt", {Host="web.test"}) end\n')
    run("curl", "-sSf", "-x", proxy.h, NAME + "/hello.txt")
    assert_idle(proxy)
    done = run("wrk", "-t2", "-c200", "-d20s", "--timeout", "20s", "-s", str(script),
               f"http://{proxy.h}/")
    print(done.stdout, f"RSS {proxy.status_kb()} kB, peak {proxy.status_kb('VmHWM')} kB")
    assert "Socket errors" not in done.stdout and "Non-2xx" not in done.stdout, done.stdout
    assert_idle(proxy)
    assert proxy.status_kb() < 30000


@need("hey", "hey")
def test_hey_with_new_connections(proxy):
    done = run("hey", "-n", "4000", "-c", "100", "-disable-keepalive", "-x", f"http://{proxy.h}",
               "-host", "web.test", NAME + "/hello.txt")
    print(done.stdout, f"RSS {proxy.status_kb()} kB")
    assert "[200]\t4000 responses" in done.stdout and "Error distribution" not in done.stdout
    assert_idle(proxy)
