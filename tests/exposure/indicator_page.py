"""`docs/indicators.md`: every indicator with its source, what it needs, its level and limb."""

from scanner import reference
from scanner.warehouse import load_relations

_LEVELS = {
    "row": "seen on the payment itself",
    "history": "needs stored payments",
    "network": "needs other parties' payments, ownership or lists",
}


def indicators() -> str:
    """The page."""
    rules = {relation.name: relation.purpose for relation in load_relations("exposure/indicators")}
    rows = reference.rows("indicators")
    lines = [
        "# Indicators",
        "",
        "Made from `scanner/reference/indicators.csv` and the headers of",
        "`scanner/sql/exposure/indicators/`. No single indicator is proof (FinCEN says so in each",
        "of its alerts); the model combines them, under the hard rules. Where the data that one",
        "needs is missing, it says *not assessable* instead of nothing.",
        "",
        "`RF` are red flags of official documents, `EX` own exposure facts, `EV` evasion of",
        "controls, `HX` history, `NX` network. Limb: `persons` is s.11(a)(i), `items` s.11(a)(ii),",
        "`evasion` and `context` support either.",
        "",
    ]
    for level, words in _LEVELS.items():
        lines += [f"## Level {level}: {words}", ""]
        lines += ["| code | fires when | limb | needs | source |", "|---|---|---|---|---|"]
        lines += [
            f"| {row['code']} | {rules[row['relation']]} | {row['limb']} | {row['data_needed']}"
            f" | {row['source']} |"
            for row in rows
            if row["relation"] and row["level"] == level
        ]
        lines.append("")
    lines += ["## Red flags without a rule of their own", ""]
    lines += ["| code | red flag | why | source |", "|---|---|---|---|"]
    lines += [
        f"| {row['code']} | {row['title']} | {row['not_assessed_because']} | {row['source']} |"
        for row in rows
        if not row["relation"]
    ]
    return "\n".join([*lines, ""])
