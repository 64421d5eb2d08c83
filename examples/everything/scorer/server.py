"""Counts words and letters, for whoever knows the token."""

import hmac
import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EXPECTED = f"Bearer {os.environ['SCORER_TOKEN']}".encode()
LIMIT = 64 * 1024


class Scorer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > LIMIT:
            self.close_connection = True
            return self.answer(413, {"error": f"At most {LIMIT} bytes."})
        text = self.rfile.read(length).decode("utf-8", errors="replace")
        if not hmac.compare_digest((self.headers.get("Authorization") or "").encode(), EXPECTED):
            return self.answer(401, {"error": "A token is needed."})
        self.answer(200, {"words": len(text.split()), "letters": sum(map(str.isalpha, text))})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


server = ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", 10000))), Scorer)
# shutdown() waits for the loop that runs in this very thread, so another one must ask for it.
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print(f"Listening on port {server.server_port}", flush=True)
server.serve_forever()
