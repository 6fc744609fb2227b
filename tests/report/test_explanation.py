"""An explanation shows the evidence as it is, marked where it stands."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import UsageError
from scanner.report import explain
from scanner.report.as_text import as_text
from scanner.report.counterfactual import ways_out
from scanner.report.evidence_view import evidence_view
from scanner.report.highlight import Mark, mark_of, pieces
from scanner.report.words import facts_in
from scanner.visible import safe_line
from scanner.warehouse.readonly import Snapshot
from tests.report.hostile import HOSTILE
from tests.report.published import publish_world, small_world
from tests.report.records import UETR, party, transaction


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with Snapshot.open(publish_world(tmp_path_factory.mktemp("explained"))) as opened:
        yield opened


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from("ABC")), max_size=5),
)
def test_pieces_join_to_the_text_and_marks_cover_exactly_their_span(
    text: str, spans: list[tuple[int, int, str]]
) -> None:
    marks = [Mark(n, a, b) for a, b, n in spans if a < b <= len(text)]
    made = pieces(text, marks)
    assert "".join(piece.text for piece in made) == text
    position = 0
    for piece in made:
        for at in range(position, position + len(piece.text)):
            assert set(piece.findings) == {m.finding for m in marks if m.start <= at < m.end}
        position += len(piece.text)


@pytest.mark.parametrize("span", [[], [0], [-1, 2], [1, 1], [0, 99], [2, 4], [1, 2, 3]])
def test_a_span_that_does_not_yield_the_matched_text_is_not_believed(
    span: list[int],
) -> None:
    assert mark_of("ABCD", "H1", span, "AB") is None


def test_without_a_span_a_text_that_stands_once_is_marked() -> None:
    assert mark_of("ABCDRUMMXXX", "H1", None, "ABCDRUMM") == Mark("H1", 0, 8)
    assert mark_of("AB AB", "H1", None, "AB") is None
    assert mark_of("CD", "H1", None, "AB") is None
    assert mark_of("CD", "H1", None, "") is None


def test_a_span_counts_code_points() -> None:
    assert mark_of("Ç😀VOLNA", "H1", [2, 7], "VOLNA") == Mark("H1", 2, 7)


@pytest.mark.parametrize("key", ["REFm1", "m1-1", "PAY-m1", UETR, UETR.upper(), " REFm1 "])
def test_every_kind_of_key_finds_the_payment(snapshot: Snapshot, key: str) -> None:
    assert explain(snapshot, key).transaction["transaction_id"] == "m1-1"


def test_an_alert_id_finds_its_payment(snapshot: Snapshot) -> None:
    [(alert_id,)] = snapshot.rows("SELECT alert_id FROM alerts WHERE transaction_id = 'm3-1'")
    assert explain(snapshot, alert_id).transaction["transaction_id"] == "m3-1"


def test_the_strongest_of_several_is_shown_and_the_others_listed(tmp_path: Path) -> None:
    world = small_world(transactions=[transaction("x9", reference="REFm1", payment_id="PAY-x9")])
    world["messages"].append(dict(world["messages"][0]) | {"message_id": "x9"})
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        explained = explain(opened, "REFm1")
    assert explained.transaction["transaction_id"] == "m1-1"
    assert [row["transaction_id"] for row in explained.others] == ["x9-1"]


def test_the_matched_text_is_marked_in_its_field_and_only_there(snapshot: Snapshot) -> None:
    explained = explain(snapshot, "REFm1")
    marked = {f.label: [(p.text, p.findings) for p in f.pieces] for f in explained.fields}
    assert marked["creditor"] == [
        ("/KZ0001\n", ()),
        ("VOLNA PRIBOR OOO", ("H1",)),
        ("\nALMATY", ()),
    ]
    assert not [n for label, ps in marked.items() if label != "creditor" for _, n in ps if n]


def test_a_hit_carries_entry_names_version_and_because(snapshot: Snapshot) -> None:
    [hit] = explain(snapshot, "REFm1").hits
    assert hit.entry is not None
    assert hit.version is not None
    assert hit.entry["programs"] == ["RUSSIA-EO14024"]
    assert hit.version["sha256"] == "b" * 64
    assert {n["name"] for n in hit.names} == {"VOLNA PRIBOR LLC", "OOO VOLNA-PRIBOR"}
    assert hit.is_marked


def test_a_hit_of_an_entry_that_has_left_the_list_is_still_explained(tmp_path: Path) -> None:
    world = small_world()
    world["list_entries"], world["list_names"] = [], []
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        explained = explain(opened, "REFm1")
    assert explained.hits[0].entry is None
    assert "not in the list's present version" in as_text(explained, visible=safe_line)


def test_a_wrong_span_loses_the_mark_and_not_the_hit(tmp_path: Path) -> None:
    world = small_world()
    world["hits"] = [dict(world["hits"][0]) | {"span": [0, 5]}]
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        explained = explain(opened, "REFm1")
    assert len(explained.hits) == 1
    assert not explained.hits[0].is_marked
    assert "place in the field is not known" in as_text(explained, visible=safe_line)


def test_a_hit_on_the_header_is_marked_in_the_senders_bic(tmp_path: Path) -> None:
    world = small_world()
    header = {"role": "sender", "field_path": "header", "matched_text": "TESTTRIS", "span": None}
    world["hits"] = [dict(world["hits"][0]) | header]
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        explained = explain(opened, "REFm1")
    first = explained.fields[0]
    assert (first.label, first.field_path) == ("sender", "header")
    assert [(p.text, p.findings) for p in first.pieces] == [("TESTTRIS", ("H1",)), ("XXX", ())]
    assert explained.hits[0].is_marked


def test_the_payments_messages_come_in_order_of_time(snapshot: Snapshot) -> None:
    linked = explain(snapshot, "REFm1").linked
    assert [row["message_type"] for row in linked] == ["MT103", "MT202COV"]


def test_history_holds_other_payments_of_the_parties_and_not_this_one(snapshot: Snapshot) -> None:
    history = explain(snapshot, "REFm3").history
    assert {row["transaction_id"] for row in history} == {"m1-1", "m4-1", "m5-1"}
    assert [row["transaction_id"] for row in history if row["same"] == "creditor"] == [
        "m4-1",
        "m5-1",
    ]


def test_what_was_not_assessable_stands_apart_from_what_was_found(snapshot: Snapshot) -> None:
    explained = explain(snapshot, "REFm3")
    assert [i["code"] for i in explained.not_assessable] == ["first_payment_after_order"]
    assert not explained.indicators


def test_ownership_leads_from_the_party_to_the_listed_owner(snapshot: Snapshot) -> None:
    [path] = explain(snapshot, "REFm3").ownership
    assert path["path"] == ["SAMPLE TRADING FZE", "OOO VOLNA-PRIBOR"]
    assert (path["share_percent"], path["owner_entry"]) == (60.0, "OFAC-SDN:900001")


def test_ownership_multiplies_shares_along_a_path_and_survives_a_circle(tmp_path: Path) -> None:
    world = small_world()
    world["ownership"] = [
        {"owner_name": a, "owner_entry": e, "owned_name": b, "share_percent": p, "source": "s"}
        for a, e, b, p in (
            ("MIDDLE LTD", None, "SAMPLE TRADING FZE", 80.0),
            ("Sample Trading F.Z.E", None, "MIDDLE LTD", 10.0),
            ("OOO VOLNA-PRIBOR", "OFAC-SDN:900001", "Middle, Ltd.", 75.0),
        )
    ]
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        paths = explain(opened, "REFm3").ownership
    assert [(p["depth"], p["share_percent"]) for p in paths] == [(2, 60.0)]


def test_the_counterfactual_is_exact(snapshot: Snapshot) -> None:
    words = explain(snapshot, "REFm1").counterfactual
    assert words[0] == "whatever the model says, the payment stays an alert: listed_party"
    # 1 / (1 + exp(-(2.6 - 4.2))) = 0.17
    assert words[1] == "without listed_party the model's score would be 0.17 instead of 0.93"
    # Without the party 2.6 - 4.2 = -1.6 lies under the line of 0.3, log-odds -0.85; without the
    # goods 2.6 - 2.3 = 0.3 does not.
    assert words[-1] == (
        "the model's score would fall under the line of review if "
        '"Best score of a party" were at most 0.8 instead of 0.97'
    )
    assert not any("Tier" in word for word in words)


def _changes(**one: Any) -> dict[str, Any]:
    return {
        "feature": "f",
        "meaning": "M",
        "value_type": "share",
        "value": 0.9,
        "contribution": 1.0,
        "then_above": None,
        "then_up_to": 0.5,
        "then_contribution": 0.0,
        "then_margin": 1.5,
        "is_enough": False,
    } | one


def test_changes_that_are_enough_only_together_are_told_together() -> None:
    changes = [
        _changes(),
        _changes(feature="g", meaning="G", value_type="flag", value=1.0, contribution=2.0,
                 then_margin=0.5),
        _changes(feature="h", meaning="H", then_above=40.0, then_up_to=None, value=3.0,
                 contribution=0.2, then_margin=2.3),
    ]  # fmt: skip
    # 2.5 - 2 - 1 = -0.5: the two that help most are enough for a line of 0.5.
    (told,) = ways_out(changes, 2.5, 0.5)
    assert told == (
        "the model's score would fall under the line of review only if together "
        '"G" were no instead of yes and "M" were at most 0.5 instead of 0.9'
    )
    # For a line of 0.35, log-odds -0.62, the third is needed too.
    (told,) = ways_out(changes, 2.5, 0.35)
    assert told.endswith('and "H" were above 40 instead of 3')
    (never,) = ways_out(changes, 9.0, 0.5)
    assert never == "no change of what raises it would bring the score under the line 0.50"


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ('{"a_b": null, "c": true}', [("a b", "not known"), ("c", "yes")]),
        ('{"c": [], "d": ["x", {"y": 1.50}]}', [("c", "none"), ("d", "x, y 1.5")]),
        ('{"s": {"t": false}}', [("s", "t no")]),
        ("not json", [("", "not json")]),
        ("[1]", [("", "[1]")]),
    ],
)
def test_evidence_is_told_in_words(evidence: str, words: list[tuple[str, str]]) -> None:
    assert facts_in(evidence) == words


def test_significance_is_shown_by_factor_and_never_summed(snapshot: Snapshot) -> None:
    explained = explain(snapshot, "REFm1")
    view = evidence_view(explained)
    assert view.significance[0] == (
        "this payment",
        "size, number and frequency",
        "amount usd 275000; payments of the pair before not known",
    )
    assert ("CASPKZKA", "nexus", "listed 1") in view.significance
    assert "a size, number and frequency" in as_text(explained, visible=safe_line)


def test_a_payment_without_score_says_so_and_never_clear(snapshot: Snapshot) -> None:
    text = as_text(explain(snapshot, "REFm5"), visible=safe_line)
    assert "cannot score" in text
    assert "amount not known" in text
    assert "not screened: Chinese commercial codes" in text
    assert "clear" not in text.split("other payments")[0].replace("not the same as clear", "")


def test_an_unknown_key_is_a_usage_error(snapshot: Snapshot) -> None:
    for key in ("nothing", "", "' OR 1=1 --", "%", "a\x00b"):
        with pytest.raises(UsageError, match="no transaction bears"):
            explain(snapshot, key)
    with pytest.raises(UsageError):
        explain(snapshot, "no \udcff UTF-8")


def test_the_evidence_hash_changes_with_the_evidence(tmp_path: Path, snapshot: Snapshot) -> None:
    before = explain(snapshot, "REFm1").evidence_sha256()
    world = small_world()
    world["hits"] = [dict(h) | {"entry_id": "OFAC-SDN:900009"} for h in world["hits"]]
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        assert explain(opened, "REFm1").evidence_sha256() != before
    with Snapshot.open(publish_world(tmp_path / "same")) as opened:
        assert explain(opened, "REFm1").evidence_sha256() == before


def test_no_hostile_field_acts_in_the_text(tmp_path: Path) -> None:
    world = small_world()
    world["parties"] = [
        party("m1-1", "creditor", ordinal=n, name=value, raw=value, field_path=f"59#{n}")
        for n, value in enumerate(HOSTILE.values(), 1)
    ]
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        text = as_text(explain(opened, "REFm1"), visible=safe_line)
    assert safe_line(text.replace("\n", "")) == text.replace("\n", "")
    assert len(text) < 100_000


GOLDEN = Path(__file__).parent / "golden" / "explain_REFm1.txt"


def test_the_text_is_as_before(snapshot: Snapshot) -> None:
    text = as_text(explain(snapshot, "REFm1"), visible=safe_line)
    if os.environ.get("SCANNER_GOLDEN") == "write":
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
