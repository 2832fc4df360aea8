"""HTTP/1.1 messages read from a socket: used by the client side and by the origin server.

Deliberately literal: header names keep their spelling and order, so that tests can see what a
proxy changed.
"""

import hashlib


class Closed(Exception):
    """The other side closed before the first byte of a message."""


class Message:
    """A request or response; `start` is its first line, split at spaces (at most two splits)."""

    def __init__(self, start, headers):
        self.start, self.headers = start.split(" ", 2), headers
        self.body, self.trailers = b"", []

    def get(self, name, default=None):
        for key, value in self.headers + self.trailers:
            if key.lower() == name.lower():
                return value
        return default

    def has_token(self, name, token):
        values = ",".join(v for k, v in self.headers if k.lower() == name.lower())
        return token.lower() in [part.strip().lower() for part in values.split(",")]

    @property
    def status(self):
        return int(self.start[1])


class Stream:
    """A buffered socket."""

    def __init__(self, sock):
        self.sock, self.buffer = sock, b""

    def fill(self):
        data = self.sock.recv(1 << 18)
        self.buffer += data
        return bool(data)

    def line(self):
        while b"\n" not in self.buffer:
            if len(self.buffer) > 65536 or not self.fill():
                raise Closed(f"end in a line: {self.buffer[:80]!r}")
        line, self.buffer = self.buffer.split(b"\n", 1)
        if not line.endswith(b"\r"):
            raise ValueError(f"bare line feed: {line!r}")
        return line[:-1].decode("latin-1")

    def exactly(self, count):
        while len(self.buffer) < count:
            if not self.fill():
                raise Closed(f"end {count - len(self.buffer)} bytes early")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def to_end(self):
        while self.fill():
            pass
        data, self.buffer = self.buffer, b""
        return data

    def fields(self):
        headers = []
        while True:
            line = self.line()
            if not line:
                return headers
            key, value = line.split(":", 1)
            headers.append((key, value.strip()))

    def head(self):
        return Message(self.line(), self.fields())

    def chunks(self, message):
        body = []
        while True:
            size = int(self.line().split(";")[0], 16)
            if size == 0:
                message.trailers = self.fields()
                return b"".join(body)
            body.append(self.exactly(size))
            if self.line():
                raise ValueError("chunk is longer than its size")

    def body(self, message):
        """The body that the message's framing announces; None where only its end would tell."""
        if message.has_token("Transfer-Encoding", "chunked"):
            return self.chunks(message)
        if message.get("Content-Length") is not None:
            return self.exactly(int(message.get("Content-Length")))
        return None

    def request(self, on_head=None):
        message = self.head()
        if on_head:
            on_head(message)
        message.body = self.body(message) or b""
        return message

    def response(self, method="GET", interim=None):
        """A final response; 1xx before it are appended to `interim`."""
        while True:
            message = self.head()
            if message.status == 101 or message.status >= 200:
                break
            if interim is not None:
                interim.append(message)
        no_body = method == "HEAD" or message.status in (101, 204, 304)
        if method == "CONNECT" and message.status < 300 or no_body:
            return message
        body = self.body(message)
        message.body = self.to_end() if body is None else body
        return message

    def digest(self, count=None):
        """SHA-256 and length of the next `count` bytes, or of all that follows."""
        digest, length = hashlib.sha256(self.buffer), len(self.buffer)
        self.buffer = b""
        space = bytearray(1 << 20)
        while count is None or length < count:
            got = self.sock.recv_into(space)
            if got == 0:
                break
            digest.update(memoryview(space)[:got])
            length += got
        return digest.hexdigest(), length
