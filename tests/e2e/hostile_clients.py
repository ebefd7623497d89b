"""Clients of a server at 127.0.0.1:PORT that mean no good: COUNT connections of each of the WAYS at a time, each made anew when it
ends, until standard input does. Prints "ready" when all have been connected once."""
import os, selectors, socket, sys

port, count, names = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
WAYS = {  # what is sent in the Nth second
    "silent": lambda n: b"",
    "slow": lambda n: b"x" if n else b"GET /metrics HTTP/1.1\r\nX: ",
    "greedy": lambda n: GET * 1000,  # and never reads
    "garbled": lambda n: os.urandom(1000),
    "endless": lambda n: (b"" if n else b"GET /metrics HTTP/1.1\r\nX: ") + b"x" * 65536,
}


class Client:
    def __init__(self, way):
        self.way, self.turn = way, 0
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect_ex(("127.0.0.1", port))

    def act(self):
        """False when the connection is at its end."""
        try:
            self.turn += 1
            text = WAYS[self.way](self.turn - 1)
            if text:
                self.socket.send(text)
            return self.way == "greedy" or self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            return True
        except OSError as error:
            return error.errno == 107  # not connected yet


clients = [Client(way) for way in names for _ in range(count)]
print("ready", flush=True)
selector = selectors.DefaultSelector()
selector.register(sys.stdin, selectors.EVENT_READ)
while not selector.select(1):
    for number, client in enumerate(clients):
        if not client.act():
            client.socket.close()
            clients[number] = Client(client.way)
