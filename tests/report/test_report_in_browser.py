"""Reports and the review page in a real browser: nothing leaves, nothing acts, all works."""

import base64
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.report import KINDS, Subject, render
from scanner.report.review_server import ReviewServer
from scanner.warehouse.decision_log import read_log
from scanner.warehouse.readonly import Snapshot
from tests.report.browser import ENTER, Browser, started
from tests.report.hostile import HOSTILE
from tests.report.large import large_world
from tests.report.published import publish_world, small_world

ALERTS = 5000
CARD = {"version": "test-1", "features": [{"name": "goods", "monotone": 1}]}
EVALUATION = {"calibration": [{"predicted": 0.1, "observed": 0.12}]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    with Snapshot.open(publish_world(folder, large_world(alerts=ALERTS))) as snapshot:
        for kind in KINDS:
            subject = Subject("REFm1" if kind == "alert" else None, (), CARD, EVALUATION)
            (folder / f"{kind}.html").write_text(render(kind, snapshot, subject), "utf-8")
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_quiet_ready_and_asks_for_nothing(
    browser: Browser, pages: Path, kind: str
) -> None:
    address = (pages / f"{kind}.html").as_uri()
    browser.open(address)
    assert browser.run("return document.documentElement.dataset.ready") == "yes"
    assert browser.complaints() == []
    assert browser.requests() == [address]


def test_a_table_sorts_both_ways_and_numbers_as_numbers(browser: Browser, pages: Path) -> None:
    browser.open((pages / "summary.html").as_uri())
    column = "#alerts tbody tr td:nth-child(7)"
    browser.click("#alerts th:nth-child(7) button")
    down = [float(t.replace(",", "")) for t in browser.texts(column)]
    assert down == sorted(down, reverse=True)
    assert browser.run("return document.querySelector('#alerts th:nth-child(7)').ariaSort") == (
        "descending"
    )
    browser.click("#alerts th:nth-child(7) button")
    up = [float(t.replace(",", "")) for t in browser.texts(column)]
    assert up == sorted(up)
    assert len(up) == 50


def test_a_table_filters_by_every_word_and_pages(browser: Browser, pages: Path) -> None:
    browser.open((pages / "summary.html").as_uri())
    status = "#alerts [role=status]"
    assert browser.text(status) == f"{ALERTS + 4} of {ALERTS + 4} rows, page 1 of 101"
    first = browser.texts("#alerts tbody tr td:first-child")
    browser.click("#alerts .pages button:nth-child(2)")
    assert browser.texts("#alerts tbody tr td:first-child") != first
    browser.type("#alerts input", "listed kz")
    assert browser.texts("#alerts tbody tr td:nth-child(2)") == ["REFm1", "REFm2"]
    assert browser.text(status).startswith("2 of ")


def test_a_table_is_sorted_from_the_keyboard(browser: Browser, pages: Path) -> None:
    browser.open((pages / "summary.html").as_uri())
    browser.run("document.querySelector('#alerts th:nth-child(3) button').focus()")
    browser.press(ENTER)
    dates = browser.texts("#alerts tbody tr td:nth-child(3)")
    assert dates == sorted(dates)
    assert dates[0]


@pytest.mark.parametrize("kind", ["summary", "alert"])
def test_a_report_prints_on_paper(browser: Browser, pages: Path, kind: str) -> None:
    browser.open((pages / f"{kind}.html").as_uri())
    printed = base64.b64decode(browser.call("POST", "/print", {"background": True}))
    assert printed.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) < 40


def test_a_report_can_be_read_without_script(pages: Path) -> None:
    html = (pages / "summary.html").read_text("utf-8")
    body = html[: html.rfind("<script>")]
    assert body.count("<tr><td") >= 50
    assert "more rows are in the data beside this page" in body


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["summary", "alert"])
def test_text_has_contrast(browser: Browser, pages: Path, kind: str, scheme: str) -> None:
    browser.call(
        "POST",
        "/goog/cdp/execute",
        {
            "cmd": "Emulation.setEmulatedMedia",
            "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        },
    )
    browser.open((pages / f"{kind}.html").as_uri())
    # WCAG 2 level AA asks 4.5 to 1 of text.
    assert browser.run(_CONTRAST) == [True, []]


_CONTRAST = """
const rgb = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
const light = (c) => {
  const [r, g, b] = c.map((v) => {
    v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const back = (e) => {
  for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c.slice(0, 3);
  }
  return [255, 255, 255];
};
const found = new Set();
let judged = 0;
for (const e of document.querySelectorAll("main *, header *, footer *")) {
  if (e.closest("svg, script, style, [hidden]")) continue;
  if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
  judged += 1;
  const a = light(rgb(getComputedStyle(e).color).slice(0, 3)), b = light(back(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) found.add(e.tagName + "." + e.className + " " + ratio.toFixed(2));
}
return [judged > 30, [...found]];
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot in which every text of a payment is hostile."""
    world = small_world()
    base = {name: [dict(row) for row in rows] for name, rows in world.items()}
    for number, value in enumerate(HOSTILE.values()):
        name = f"x{number}"
        copies = {
            table: dict(base[table][0])
            for table in ("messages", "transactions", "scores", "alerts", "parties")
        }
        copies["messages"] |= {"message_id": name, "source_file": value, "uetr": None}
        for table in ("transactions", "scores", "alerts", "parties"):
            copies[table] |= {"transaction_id": f"{name}-1"}
        copies["transactions"] |= {
            "message_id": name,
            "payment_id": name,
            "reference": value,
            "uetr": None,
            "debtor_name": value,
            "creditor_country": value,
        }
        copies["scores"] |= {
            "reference": value,
            "reasons": [{"code": value, "contribution": 1.0, "words": value}],
            "exception": value,
        }
        copies["alerts"] |= {
            "alert_id": f"ALT-{name}",
            "reference": value,
            "headline": value,
        }
        copies["parties"] |= {"role": "debtor", "name": value, "raw": value, "bic": value}
        for table, row in copies.items():
            world[table].append(row)
        world["texts"].append(
            {
                "transaction_id": f"{name}-1",
                "kind": "narrative",
                "ordinal": 1,
                "text": value,
                "field_path": value,
                "unscreened": value,
            }
        )
        world["rejected"].append(
            dict(base["rejected"][0]) | {"rejected_id": name, "source_file": value, "reason": value}
        )
    return publish_world(tmp_path_factory.mktemp("hostile"), world)


def test_no_hostile_string_acts_in_a_report(
    browser: Browser, hostile: Path, tmp_path: Path
) -> None:
    with Snapshot.open(hostile) as snapshot:
        made = {kind: render(kind, snapshot, Subject("ALT-x0")) for kind in KINDS if kind != "bank"}
        for number in range(len(HOSTILE)):
            made[f"alert{number}"] = render("alert", snapshot, Subject(f"ALT-x{number}"))
    for name, html in made.items():
        path = tmp_path / f"{name}.html"
        path.write_text(html, "utf-8")
        title = html.split("<title>")[1].split("</title>")[0]
        browser.open(path.as_uri())
        assert browser.run("return document.title") == title, name
        assert browser.complaints() == [], name
        assert browser.requests() == [path.as_uri()], name
        assert (
            browser.run("return document.querySelectorAll('main script:not([type]), img').length")
            == 0
        )
        assert "owned" not in browser.texts("h1"), name


@pytest.fixture
def session(tmp_path: Path) -> Iterator[ReviewServer]:
    path = publish_world(tmp_path)
    server = ReviewServer(
        path, tmp_path / "decisions", by="aylin", now_utc=lambda: "2024-05-06T07:08:09"
    )
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.stop()
    thread.join(10)


def test_the_queue_is_worked_with_keys_alone(
    browser: Browser, session: ReviewServer, tmp_path: Path
) -> None:
    browser.open(session.address)
    assert "token" not in browser.address()
    assert browser.texts("tbody td:nth-child(2)") == ["REFm1", "REFm2", "REFm3", "REFm5"]
    browser.press("jj")
    browser.press(ENTER)
    browser.wait_for("mark", "VOLNA PRIBOR OOOH1")
    assert "/alert/" in browser.address()
    browser.press("c")
    browser.press("same address")
    browser.run("document.activeElement.blur()")
    browser.press("n")
    browser.wait_for("form strong", "open")
    browser.press("q")
    browser.wait_for("h1", "Alerts")
    assert browser.complaints() == []
    host = session.address.split("?")[0]
    assert all(r.startswith((host, "data:")) for r in browser.requests())


def test_a_decision_goes_round(browser: Browser, session: ReviewServer, tmp_path: Path) -> None:
    browser.open(session.address)
    browser.click("a.row")
    browser.type("#reason", "same tax number\nand address")
    browser.click("button[value=clear]")
    browser.wait_for(".note", "Logged: clear")
    browser.wait_for("form strong", "awaiting second")
    [act] = read_log(tmp_path / "decisions")
    assert (act["action"], act["status"], act["decided_by"], act["reason"]) == (
        "clear",
        "awaiting_second",
        "aylin",
        "same tax number\nand address",
    )
    browser.type("#reason", "I agree with myself")
    browser.click("button[value=approve]")
    browser.wait_for(".note", "second person")
    assert len(read_log(tmp_path / "decisions")) == 1


def test_no_hostile_string_acts_on_the_review_page(
    browser: Browser, hostile: Path, tmp_path: Path
) -> None:
    server = ReviewServer(hostile, tmp_path, by=HOSTILE["script"], now_utc=lambda: "2024-05-06")
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        browser.open(server.address)
        host = server.address.split("?")[0]
        for number in range(len(HOSTILE)):
            browser.open(f"{host}alert/ALT-x{number}")
            assert browser.run("return document.title") == f"Alert ALT-x{number}"
            assert browser.complaints() == []
            assert all(r.startswith((host, "data:")) for r in browser.requests())
    finally:
        server.stop()
        thread.join(10)
