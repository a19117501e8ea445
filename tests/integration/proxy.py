"""An HTTP proxy in front of a node: with TLS, or one that holds back calls of a method."""
import ssl
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Proxy:
    def __init__(self, node_port, hold=None, tls=None):
        self.held = 0
        self.released = threading.Event()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hold and b'"' + hold.encode() + b'"' in body:
                    proxy.held += 1
                    proxy.released.wait()
                    self.close_connection = True
                    return
                request = urllib.request.Request(f"http://127.0.0.1:{node_port}/", body,
                                                 {"Authorization": self.headers.get("Authorization", "")})
                try:
                    with urllib.request.urlopen(request, timeout=120) as answer:
                        status, text = answer.status, answer.read()
                except urllib.error.HTTPError as failed:
                    status, text = failed.code, failed.read()
                except OSError:
                    status, text = 502, b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"

    def url(self, node):
        return f"{self.scheme}://{node.user}:{node.password}@127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
