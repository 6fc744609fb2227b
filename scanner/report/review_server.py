"""Serves the review page on the loopback interface, with the standard library alone."""

import secrets
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from scanner.errors import UsageError
from scanner.report.review import BODY_MAX_BYTES, Answer, Request, Review

_LOOPBACK = "127.0.0.1"
_TIMEOUT_SECONDS = 15


class ReviewServer:
    """A running session; `address` is what the person opens.

    Args:
        snapshot: File of the published database.
        decisions: Folder of the log of decisions.
        by: Who acts.
        now_utc: Gives the time of an act, ISO 8601 without zone.
        port: TCP port; 0 = any that is free.

    Raises:
        UsageError: The port is taken.
    """

    def __init__(
        self,
        snapshot: Path,
        decisions: Path,
        *,
        by: str,
        now_utc: Callable[[], str],
        port: int = 0,
    ) -> None:
        try:
            self._http = _Server((_LOOPBACK, port), _Handler)
        except OSError as error:
            raise UsageError(
                "the port cannot be used",
                where=f"{_LOOPBACK}:{port}: {error.strerror}",
                hint="leave --port away to take any that is free",
            ) from error
        port = self._http.server_address[1]
        token = secrets.token_urlsafe(32)
        hosts = (f"{_LOOPBACK}:{port}", f"localhost:{port}")
        self._http.RequestHandlerClass = _bound(
            Review(snapshot, decisions, by, token, hosts, now_utc)
        )
        self.address = f"http://{_LOOPBACK}:{port}/?token={token}"

    def serve(self) -> None:
        """Answer requests until `stop` is called from another thread."""
        with self._http:
            self._http.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """End `serve`."""
        self._http.shutdown()


class _Server(ThreadingHTTPServer):
    """A server whose failures name no payment."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base's signature
        """Say what kind of failure it was; its words may quote a payment."""
        kind = sys.exc_info()[0]
        if kind is not None and not issubclass(kind, ConnectionError | TimeoutError):
            sys.stderr.write(f"a page failed: {kind.__name__}\n")


class _Handler(BaseHTTPRequestHandler):
    """Turns HTTP into values and back; logs nothing, because addresses name payments."""

    review: Review
    timeout = _TIMEOUT_SECONDS
    server_version = "scanner"
    sys_version = ""

    def do_GET(self) -> None:
        self._send(self.review.answer(self._request(b"")))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or len(length) > 8:
            self._send(Answer(411))
            return
        # One byte more than allowed is enough to refuse it.
        body = self.rfile.read(min(int(length), BODY_MAX_BYTES + 1))
        self.close_connection = True
        self._send(self.review.answer(self._request(body)))

    def _request(self, body: bytes) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, body)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's signature
        """Log nothing."""


def _bound(review: Review) -> type[_Handler]:
    return type("_BoundHandler", (_Handler,), {"review": review})
