"""Real servers in the far namespace: nginx, sshd, PostgreSQL, git, a WebSocket echo.

All processes are children of the test process and end with it.  WEB is an address of their own, so
that they stand beside the servers of the system tests.
"""

import asyncio
import contextlib
import glob
import hashlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import threading

from netlab import ORIGIN, sh, wait_for

WEB = "10.100.0.10"
SSH_PORT, PG_PORT, WS_PORT, GIT_PORT = 2222, 5432, 8765, 9418
IMAGES = 50
PACKAGES = 20
FILE_SIZE = 50 << 20
GIF = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")

PAGE = """<!doctype html><title>images</title><body><pre id=out>loading</pre>
{images}
<script>
const out = document.getElementById('out');
function tell(extra) {{
  const good = [...document.images].filter(i => i.complete && i.naturalWidth).length;
  out.textContent = 'IMAGES=' + good + ' ' + extra;
}}
window.onload = () => fetch('late.txt').then(r => r.text()).then(t => tell('FETCH=' + t.trim()))
  .catch(e => tell('FETCH=' + e));
</script>
"""

WS_PAGE = """<!doctype html><title>ws</title>
<script>
const ws = new WebSocket('ws://web.test:{port}/'), got = [];
ws.onopen = () => {{ for (let i = 0; i < 20; i++) ws.send('m' + i); }};
ws.onmessage = e => {{ got.push(e.data); if (got.length == 20) ws.close(1000); }};
ws.onclose = e => fetch('/report/' + location.search.slice(1) + '/' + got.join('') + '-' + e.code);
</script>
"""


def free_of(name, *binaries):
    """The reason to skip when a program is not installed, else None."""
    missing = [b for b in binaries if not (shutil.which(b) or os.path.exists(b))]
    return f"{name}: not installed: {' '.join(missing)}" if missing else None


def listens(lab, address, port):
    def probe():
        with socket.socket() as sock:
            return sock.connect_ex((address, port)) == 0
    wait_for(lambda: lab.in_far(probe), 20, f"{address}:{port}")


@contextlib.contextmanager
def daemon(lab, argv, log, end=signal.SIGTERM, **kwargs):
    """A process of the far side; its output goes to the file `log`, `end` stops it."""
    with open(log, "ab") as file:
        process = lab.far_popen(argv, stdin=subprocess.DEVNULL, stdout=file, stderr=file, **kwargs)
    try:
        yield process
    finally:
        process.send_signal(end)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


def make_site(folder):
    """The files of both virtual hosts; return the SHA-256 of the large one."""
    for host in ("a", "b"):
        root = os.path.join(folder, host)
        write(f"{root}/hello.txt", f"hello from {host}.web.test\n")
        write(f"{root}/put/.keep", "")
    root = os.path.join(folder, "a")
    images = "\n".join(f"<img src='img/{i}.gif'>" for i in range(IMAGES))
    write(f"{root}/page.html", PAGE.format(images=images))
    write(f"{root}/ws.html", WS_PAGE.format(port=WS_PORT))
    write(f"{root}/late.txt", "arrived\n")
    write(f"{root}/text.txt", "the same line again and again\n" * 20000)
    for i in range(IMAGES):
        write(f"{root}/img/{i}.gif", GIF)
        write(f"{root}/many/{i}.bin", random.Random(i).randbytes(1000 * (i + 1)))
    big = random.Random(1).randbytes(FILE_SIZE)
    write(f"{root}/big.bin", big)
    os.chmod(f"{root}/put", 0o777)
    return hashlib.sha256(big).hexdigest()


def make_apt_repository(folder):
    """A flat repository of small packages under a/apt."""
    root, entries = os.path.join(folder, "a", "apt"), []
    for i in range(PACKAGES):
        build = os.path.join(folder, "deb", str(i))
        control = (f"Package: culvert-test-{i}\nVersion: 1\nArchitecture: all\n"
                   f"Maintainer: nobody <nobody@example.com>\nDescription: test {i}\n")
        write(f"{build}/DEBIAN/control", control)
        write(f"{build}/usr/share/culvert-test/{i}", random.Random(i).randbytes(20000 * i + 1))
        name = f"culvert-test-{i}_1_all.deb"
        os.makedirs(root, exist_ok=True)
        sh("dpkg-deb", "--root-owner-group", "--build", build, os.path.join(root, name))
        with open(os.path.join(root, name), "rb") as file:
            data = file.read()
        entries.append(control + f"Filename: ./{name}\nSize: {len(data)}\n"
                       f"SHA256: {hashlib.sha256(data).hexdigest()}\n")
    write(f"{root}/Packages", "\n".join(entries))


def make_git(folder):
    """A bare repository with some history under git/project.git; return its head commit."""
    work, bare = os.path.join(folder, "work"), os.path.join(folder, "git", "project.git")
    env = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_AUTHOR_NAME="a",
               GIT_AUTHOR_EMAIL="a@example.com", GIT_COMMITTER_NAME="a",
               GIT_COMMITTER_EMAIL="a@example.com")

    def git(*argv, at=work):
        return sh("git", "-C", at, *argv, env=env).strip()

    os.makedirs(work)
    git("init", "-q", "-b", "main")
    for i in range(20):
        write(f"{work}/file{i}", random.Random(i).randbytes(200000))
        git("add", ".")
        git("commit", "-q", "-m", f"commit {i}")
    sh("git", "clone", "-q", "--bare", work, bare, env=env)
    git("config", "http.receivepack", "true", at=bare)
    git("config", "receive.denyCurrentBranch", "ignore", at=bare)
    sh("chmod", "-R", "a+rwX", os.path.join(folder, "git"))
    return git("rev-parse", "HEAD")


def nginx_config(folder):
    tls = os.path.join(folder, "tls")
    sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
       "/CN=web.test", "-addext", "subjectAltName=DNS:web.test,DNS:*.web.test",
       "-keyout", f"{tls}.key", "-out", f"{tls}.crt")
    common = f"listen {WEB}:80; listen {WEB}:443 ssl http2;"
    return write(f"{folder}/nginx.conf", f"""
user root; daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
    access_log {folder}/access.log; sendfile on; keepalive_requests 1000000;
    types {{ text/html html; text/plain txt; image/gif gif; application/octet-stream bin; }}
    gzip on; gzip_min_length 100; gzip_types text/plain; gzip_proxied any;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; client_max_body_size 0;
    ssl_certificate {tls}.crt; ssl_certificate_key {tls}.key;
    server {{
        {common} server_name a.web.test web.test _; root {folder}/a;
        location /put/ {{ dav_methods PUT DELETE; create_full_put_path on; }}
        location /auto/ {{ alias {folder}/a/many/; autoindex on; }}
        location /chunked {{ proxy_pass http://{ORIGIN}; proxy_http_version 1.1; gzip off; }}
        location /git/ {{
            include /etc/nginx/fastcgi_params; fastcgi_pass unix:{folder}/fcgi.sock;
            fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
            fastcgi_param GIT_HTTP_EXPORT_ALL ""; fastcgi_param PATH_INFO $uri;
            fastcgi_param GIT_PROJECT_ROOT {folder}; fastcgi_request_buffering off;
        }}
    }}
    server {{ {common} server_name b.web.test; root {folder}/b; }}
}}
""")


@contextlib.contextmanager
def websocket_echo(lab):
    """A WebSocket echo on WEB:WS_PORT, by Python's websockets, in a thread."""
    import websockets

    listener = lab.far_socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((WEB, WS_PORT))
    loop, stop = asyncio.new_event_loop(), None

    async def echo(ws):
        async for message in ws:
            await ws.send(message)

    async def main():
        nonlocal stop
        stop = asyncio.Event()
        async with websockets.serve(echo, sock=listener, max_size=None):
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    yield
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


class Sshd:
    """sshd on WEB:SSH_PORT with fresh keys; `options` are for ssh, scp and sftp."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("host", "user"):
            sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{name}")
        os.chmod(folder, 0o755)
        shutil.copy(f"{folder}/user.pub", f"{folder}/authorized")
        with open(f"{folder}/host.pub", encoding="ascii") as file:
            write(f"{folder}/known", f"[web.test]:{SSH_PORT} {file.read()}")
        self.config = write(f"{folder}/sshd_config", f"""
ListenAddress {WEB}:{SSH_PORT}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
PidFile none
Subsystem sftp internal-sftp
""")
        self.options = ["-F", "/dev/null", "-i", f"{folder}/user", "-o",
                        f"UserKnownHostsFile={folder}/known", "-o", "BatchMode=yes"]

    @contextlib.contextmanager
    def run(self, lab):
        os.makedirs("/run/sshd", exist_ok=True)
        with daemon(lab, ["/usr/sbin/sshd", "-D", "-e", "-f", self.config],
                    f"{self.folder}/log"):
            listens(lab, WEB, SSH_PORT)
            yield self


def postgres_bin():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    return os.path.dirname(found[-1]) if found else None


@contextlib.contextmanager
def postgres(lab, folder):
    """PostgreSQL on WEB:PG_PORT, as its own user, any login trusted."""
    user, data = pwd.getpwnam("postgres"), os.path.join(folder, "data")
    os.chown(folder, user.pw_uid, user.pw_gid)
    drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    sh(*drop, f"{postgres_bin()}/initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N")
    with open(f"{data}/pg_hba.conf", "a", encoding="ascii") as file:
        file.write("host all all 0.0.0.0/0 trust\n")
    argv = [*drop, f"{postgres_bin()}/postgres", "-D", data, "-h", WEB, "-p", str(PG_PORT),
            "-k", folder, "-c", "fsync=off"]
    with daemon(lab, argv, f"{folder}/log", end=signal.SIGINT):  # SIGTERM would wait for clients
        listens(lab, WEB, PG_PORT)
        yield
