"""Servers of the far side, as threads: each connection gets a thread and a plain function."""

import base64
import hashlib
import json
import socket
import struct
import threading

from httpio import Closed, Stream


class Server:
    """A TCP listener that runs `handler(sock)` for every connection, until close()."""

    def __init__(self, listener, handler, address="", port=0):
        self.listener, self.handler = listener, handler
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(4096)
        self.address, self.port = listener.getsockname()[:2]
        self.accepted, self.open = 0, set()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.accepted += 1
                self.open.add(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        try:
            self.handler(sock)
        except (OSError, Closed):
            pass  # the client went away; tests look at what the client saw
        finally:
            with self.lock:
                self.open.discard(sock)
            sock.close()

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        with self.lock:
            for sock in list(self.open):
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def reset(sock):
    """Close with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def echo(sock):
    """Return what comes, end when the client ends."""
    while data := sock.recv(1 << 16):
        sock.sendall(data)


def answer_after_end(sock):
    """Read to the client's half-close, then answer with length and checksum of it."""
    digest, length = Stream(sock).digest()
    sock.sendall(f"{length} {digest}\n".encode())


def end_then_read(sock):
    """Send a line, half-close, then read on and record what came."""
    sock.sendall(b"done talking\n")
    sock.shutdown(socket.SHUT_WR)
    end_then_read.got = Stream(sock).to_end()


def websocket_accept(key):
    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    return base64.b64encode(digest).decode()


def _report(request):
    return json.dumps({
        "method": request.start[0], "target": request.start[1], "version": request.start[2],
        "headers": request.headers, "trailers": request.trailers,
        "length": len(request.body), "sha256": hashlib.sha256(request.body).hexdigest(),
    }).encode()


def _reply(sock, request, body, name):
    """Answer in the shape that the path asks for."""
    path = request.start[1].split("?")[0]
    head = f"HTTP/1.1 200 OK\r\nX-Origin: {name}\r\n"
    if path == "/chunked":
        half = len(body) // 2
        sock.sendall((head + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n").encode())
        for part in (body[:half], body[half:]):
            sock.sendall(f"{len(part):x};ext=1\r\n".encode() + part + b"\r\n")
        sock.sendall(b"0\r\nX-Sum: 42\r\n\r\n")
        return True
    if path == "/to-end":
        sock.sendall((head + "Connection: close\r\n\r\n").encode() + body)
        return False
    if path == "/hints":
        sock.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
    if path == "/hop":
        head += "Connection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
    if path == "/empty":
        sock.sendall(f"HTTP/1.1 204 No Content\r\nX-Origin: {name}\r\n\r\n".encode())
        return True
    sock.sendall((head + f"Content-Length: {len(body)}\r\n\r\n").encode())
    if request.start[0] != "HEAD":
        sock.sendall(body)
    return path != "/close-after"


def http_origin(name):
    """An origin that answers with a JSON report of the request it got."""
    def handler(sock):
        stream = Stream(sock)

        def on_head(request):
            if request.has_token("Expect", "100-continue"):
                if request.start[1] == "/refuse":
                    sock.sendall(b"HTTP/1.1 413 Too Big\r\nContent-Length: 0\r\n"
                                 b"Connection: close\r\n\r\n")
                    raise Closed("body refused")
                sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

        while True:
            request = stream.request(on_head)
            if request.has_token("Upgrade", "websocket"):
                accept = websocket_accept(request.get("Sec-WebSocket-Key"))
                sock.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                              f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"
                              "\r\n").encode() + b"hello from the server")
                sock.sendall(stream.buffer)
                echo(sock)
                return
            if not _reply(sock, request, _report(request), name):
                return

    return handler


def upload_sink(sock):
    """A PUT of any size, hashed as it comes; the answer is its SHA-256."""
    stream = Stream(sock)
    request = stream.head()
    length = int(request.get("Content-Length"))
    digest, got = stream.digest(length)
    assert got == length
    sock.sendall(f"HTTP/1.1 201 Created\r\nContent-Length: {len(digest)}\r\n\r\n{digest}".encode())
