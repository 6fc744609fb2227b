"""The review page: the queue, the evidence and the decision form, as plain HTML forms.

`Review.answer` takes a request as values and returns the answer as values; sockets
lie in `review_server`. Every page works without script; the script adds keys.

Who may ask: only a browser on the same machine that has the session's token. The
token comes once in the address, then in a cookie that other sites cannot send;
forms carry it again, and the Host and Origin of each request are checked, so that
neither another site nor a rebound name can act.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from scanner.errors import ScannerError, UsageError
from scanner.report.alert import with_acts
from scanner.report.decisions import ACTIONS, Wanted
from scanner.report.evidence_view import evidence_view
from scanner.report.explanation import explain
from scanner.report.page import asset, content_policy, environment
from scanner.report.queue import act_on, dated_acts, queue
from scanner.warehouse.readonly import Snapshot

BODY_MAX_BYTES = 64 << 10
_COOKIE = "scanner_review"
_PER_PAGE = 50
_SORTS = ("urgency", "value_date", "score", "amount_usd", "reference", "status")
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no-referrer the browser would send "Origin: null", and no form could be told apart.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Request:
    """One HTTP request, as values."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, as values."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """One person's session at the queue.

    Attributes:
        snapshot: File of the published database; opened anew for each request.
        decisions: Folder of the log of decisions.
        by: Who acts.
        token: Secret of the session.
        hosts: Values of the Host header that are accepted.
        now_utc: Gives the time of an act, ISO 8601 without zone.
    """

    snapshot: Path
    decisions: Path
    by: str
    token: str
    hosts: tuple[str, ...]
    now_utc: Callable[[], str]

    def answer(self, request: Request) -> Answer:
        """Answer one request; every failure is a page, never a trace of the program."""
        if request.headers.get("host", "") not in self.hosts:
            return self._failed(403, "wrong host", "open the address that the program printed")
        target = urlsplit(request.target)
        query = {key: values[-1] for key, values in parse_qs(target.query).items()}
        if request.method == "GET" and target.path == "/" and "token" in query:
            return self._enter(query["token"])
        if not self._knows(_cookie_of(request)):
            return self._failed(403, "no session", "open the address that the program printed")
        try:
            return self._route(request, target.path, query)
        except UsageError as error:
            return self._failed(400, error.what, error.hint, error.where)
        except ScannerError as error:
            return self._failed(500, error.what, error.hint, error.where)

    def _route(self, request: Request, path: str, query: Mapping[str, str]) -> Answer:
        if request.method == "GET" and path == "/":
            return self._queue(query)
        key = unquote(path.removeprefix("/alert/")) if path.startswith("/alert/") else ""
        if key and request.method == "GET":
            return self._alert(key, query)
        if key and request.method == "POST":
            return self._act(key, request)
        return self._failed(404, "there is no such page", "go back to the queue")

    def _enter(self, token: str) -> Answer:
        if not self._knows(token):
            return self._failed(403, "wrong token", "open the address that the program printed")
        cookie = f"{_COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
        return Answer(303, headers={"Location": "/", "Set-Cookie": cookie})

    def _knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    def _queue(self, query: Mapping[str, str]) -> Answer:
        with Snapshot.open(self.snapshot) as snapshot:
            found = queue(
                snapshot,
                self.decisions,
                status=query.get("status", "undecided") or None,
                band=query.get("band") or None,
                bic=query.get("bic") or None,
            )
        rows = _sorted(_filtered(found.rows, query.get("words", "")), query.get("sort", "urgency"))
        pages = max(1, -(-len(rows) // _PER_PAGE))
        page = min(max(1, _whole(query.get("page"))), pages)
        shown = rows[(page - 1) * _PER_PAGE : page * _PER_PAGE]
        return self._page(
            "queue.html.j2",
            title="Alerts",
            rows=shown,
            total=len(rows),
            left_out=found.total - len(found.rows),
            page=page,
            pages=pages,
            query=query,
            sorts=_SORTS,
            link=lambda **change: "?" + urlencode({**query, **change}),
            path_of=lambda alert_id: f"/alert/{quote(str(alert_id), safe='')}",
        )

    def _alert(self, key: str, query: Mapping[str, str]) -> Answer:
        with Snapshot.open(self.snapshot) as snapshot:
            explained = with_acts(explain(snapshot, key), dated_acts(self.decisions))
            if explained.alert is None:
                raise UsageError("the payment has no alert", where=key)
            undecided = [
                row["alert_id"] for row in queue(snapshot, self.decisions, status="undecided").rows
            ]
        alert_id = explained.alert["alert_id"]
        others = [other for other in undecided if other != alert_id]
        after = undecided[undecided.index(alert_id) + 1 :] if alert_id in undecided else others
        return self._page(
            "alert.html.j2",
            title=f"Alert {alert_id}",
            e=explained,
            view=evidence_view(explained),
            token=self.token,
            next_path=f"/alert/{quote(str(after[0]), safe='')}" if after else None,
            done=query.get("done", ""),
            actions=_possible(explained.alert),
        )

    def _act(self, key: str, request: Request) -> Answer:
        origin = request.headers.get("origin", "")
        if origin not in {f"http://{host}" for host in self.hosts}:
            return self._failed(403, "the form came from another place", "use the page itself")
        if len(request.body) > BODY_MAX_BYTES:
            return self._failed(413, "the form is too large", "write a shorter reason")
        try:
            text = request.body.decode("utf-8")
        except UnicodeDecodeError:
            return self._failed(400, "the form is no UTF-8", "use the page itself")
        form = {k: v[-1] for k, v in parse_qs(text, keep_blank_values=True).items()}
        if not self._knows(form.get("token", "")):
            return self._failed(403, "the form is of another session", "reload the page")
        wanted = Wanted(
            form.get("action", ""),
            self.by,
            self.now_utc(),
            form.get("reason", "").replace("\r\n", "\n"),
            form.get("assign_to", "").strip() or self.by,
        )
        with Snapshot.open(self.snapshot) as snapshot:
            act = act_on(
                snapshot,
                self.decisions,
                key,
                wanted,
                seen_evidence_sha256=form.get("evidence", ""),
            )
        place = f"/alert/{quote(act['alert_id'], safe='')}?{urlencode({'done': act['action']})}"
        return Answer(303, headers={"Location": place})

    def _page(self, template: str, **values: Any) -> Answer:
        style, script = asset("report.css"), asset("review.js")
        html = (
            environment()
            .get_template(template)
            .render(
                style=style,
                script=script,
                evidence_view=evidence_view,
                by=self.by,
                **values,
            )
        )
        policy = {"Content-Security-Policy": content_policy(style, script, forms="'self'")}
        return Answer(200, html.encode(), _HEADERS | policy)

    def _failed(self, status: int, what: str, do: str, where: str = "") -> Answer:
        page = self._page("failed.html.j2", title="Not done", what=what, where=where, do=do)
        return Answer(status, page.body, page.headers)


def _cookie_of(request: Request) -> str:
    try:
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(_COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _filtered(rows: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if all(word in " ".join(map(str, row.values())).casefold() for word in wanted)
    ]


def _sorted(rows: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    if by not in _SORTS:
        raise UsageError("alerts cannot be sorted by this", where=by, hint=", ".join(_SORTS))
    if by == "urgency":
        return rows
    known = [row for row in rows if row[by] is not None]
    known.sort(key=lambda row: row[by], reverse=by in ("value_date", "score", "amount_usd"))
    return known + [row for row in rows if row[by] is None]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1


def _possible(alert: Mapping[str, Any]) -> tuple[str, ...]:
    """The acts that the alert's status allows, for the form."""
    allowed = {
        "open": ("confirm", "clear", "assign", "comment"),
        "assigned": ("confirm", "clear", "assign", "comment"),
        "awaiting_second": ("approve", "refuse", "confirm", "assign", "comment"),
        "confirmed": ("reopen", "comment"),
        "cleared": ("reopen", "comment"),
    }
    return allowed.get(str(alert["status"]), ACTIONS)
