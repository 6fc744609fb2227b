"""Who may ask the review page, and what it answers to requests that a browser would not send."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from scanner.report import explain
from scanner.report.review import BODY_MAX_BYTES, Answer, Request, Review
from scanner.report.review_server import ReviewServer
from scanner.warehouse.decision_log import read_log
from scanner.warehouse.readonly import Snapshot
from tests.report.published import publish_world

HOST = "127.0.0.1:8150"
TOKEN = "a-secret-of-the-session"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_world(tmp_path_factory.mktemp("review"))


@pytest.fixture
def review(published: Path, tmp_path: Path) -> Review:
    return Review(published, tmp_path, "aylin", TOKEN, (HOST,), lambda: "2024-05-06T07:08:09")


def get(review: Review, target: str, **headers: str) -> Answer:
    known = {"host": HOST, "cookie": f"scanner_review={TOKEN}"}
    return review.answer(Request("GET", target, known | headers))


def post(review: Review, key: str, form: dict[str, str], **headers: str) -> Answer:
    known = {"host": HOST, "cookie": f"scanner_review={TOKEN}", "origin": f"http://{HOST}"}
    return review.answer(
        Request("POST", f"/alert/{key}", known | headers, urlencode(form).encode())
    )


def form_for(review: Review, key: str, **given: str) -> dict[str, str]:
    with Snapshot.open(review.snapshot) as snapshot:
        evidence = explain(snapshot, key).evidence_sha256()
    return {
        "token": TOKEN,
        "evidence": evidence,
        "action": "confirm",
        "reason": "same address",
    } | given


def test_the_token_becomes_a_cookie_that_other_sites_cannot_send(review: Review) -> None:
    answer = get(review, f"/?token={TOKEN}", cookie="")
    assert answer.status == 303
    assert answer.headers["Location"] == "/"
    assert "HttpOnly; SameSite=Strict" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/?token=wrong", {"cookie": ""}),
        ("/", {"cookie": ""}),
        ("/", {"cookie": "scanner_review=wrong"}),
        ("/", {"cookie": "scanner_review=\x80; ;;=,"}),
        ("/", {"host": "evil.example"}),
        ("/", {"host": f"{HOST}.evil.example"}),
        ("/", {"host": ""}),
        (f"/?token={TOKEN}", {"host": "rebound.example", "cookie": ""}),
        ("/alert/REFm1", {"cookie": ""}),
    ],
)
def test_nobody_else_sees_anything(review: Review, target: str, headers: dict[str, str]) -> None:
    answer = get(review, target, **headers)
    assert answer.status == 403
    assert b"REFm1" not in answer.body
    assert "Set-Cookie" not in answer.headers


def test_every_page_forbids_all_that_it_does_not_need(review: Review) -> None:
    for target in ("/", "/alert/REFm1", "/none", "/?sort=none"):
        headers = get(review, target).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"


def test_an_act_is_logged_and_shown(review: Review) -> None:
    answer = post(review, "REFm3", form_for(review, "REFm3"))
    assert answer.status == 303
    assert answer.headers["Location"].endswith("?done=confirm")
    assert [a["action"] for a in read_log(review.decisions)] == ["confirm"]
    assert b"Logged: confirm" in get(review, answer.headers["Location"]).body
    assert b"REFm3" not in get(review, "/").body
    assert b"REFm3" in get(review, "/?status=confirmed").body


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        ({}, {"origin": ""}, 403),
        ({}, {"origin": "null"}, 403),
        ({}, {"origin": "http://evil.example"}, 403),
        ({}, {"origin": f"https://{HOST}"}, 403),
        ({}, {"cookie": ""}, 403),
        ({"token": "wrong"}, {}, 403),
        ({"token": ""}, {}, 403),
        ({"reason": ""}, {}, 400),
        ({"action": "drop"}, {}, 400),
        ({"action": "approve"}, {}, 400),
        ({"evidence": "0" * 64}, {}, 400),
        ({"evidence": ""}, {}, 400),
        ({"reason": "x" * (BODY_MAX_BYTES + 1)}, {}, 413),
    ],
)
def test_a_forged_or_wrong_form_does_nothing(
    review: Review, form: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = post(review, "REFm3", form_for(review, "REFm3", **form), **headers)
    assert answer.status == status
    assert read_log(review.decisions) == []


@pytest.mark.parametrize(
    "target",
    [
        "/alert/",
        "/alert/nothing",
        "/alert/..%2f..%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/alert/%00",
        "/alert/%ff%fe",
        "/?sort=__class__",
        "/favicon.ico",
        "/alert/REFm4",
    ],
)
def test_a_place_that_is_none_is_told_so(review: Review, target: str) -> None:
    assert get(review, target).status in (400, 404)


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "x", "٣", "1.5", ""])
def test_a_page_number_that_is_none_shows_a_page(review: Review, page: str) -> None:
    assert get(review, f"/?{urlencode({'page': page})}").status == 200


def test_the_queue_sorts_and_filters(review: Review) -> None:
    def order(target: str) -> list[str]:
        body = get(review, target).body.decode()
        return ["REF" + piece.split("<")[0] for piece in body.split(">REF")[1:]]

    assert order("/?sort=amount_usd") == ["REFm1", "REFm2", "REFm3", "REFm5"]
    assert order("/?sort=reference") == ["REFm1", "REFm2", "REFm3", "REFm5"]
    assert order("/?band=review") == ["REFm3"]
    assert order("/?bic=CASPKZKA") == ["REFm1"]
    assert order("/?words=priority+goods") == ["REFm3"]
    assert order("/?status=cleared") == []


@pytest.fixture
def server(published: Path, tmp_path: Path) -> Iterator[ReviewServer]:
    made = ReviewServer(published, tmp_path, by="aylin", now_utc=lambda: "2024-05-06T07:08:09")
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    yield made
    made.stop()
    thread.join(10)


def test_it_listens_on_the_loopback_interface_alone(server: ReviewServer) -> None:
    assert server.address.startswith("http://127.0.0.1:")
    assert server._http.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("PUT", {}, b"", 501),
        ("DELETE", {}, b"", 501),
        ("POST", {"Content-Length": "nonsense"}, b"", 411),
        ("POST", {"Content-Length": "-1"}, b"", 411),
        ("GET", {"Host": "evil.example"}, b"", 403),
    ],
)
def test_odd_requests_are_refused_over_the_wire(
    server: ReviewServer, method: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    host = server.address.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.putrequest(method, "/", skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body or None)
    assert connection.getresponse().status == status
    connection.close()


def test_a_failure_names_no_payment(
    server: ReviewServer, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ValueError("VOLNA PRIBOR OOO")
    except ValueError:
        server._http.handle_error(None, None)
    assert capsys.readouterr().err == "a page failed: ValueError\n"
