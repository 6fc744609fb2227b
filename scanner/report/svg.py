"""Drawings for reports: bars over time, heat map, ranking, shares side by side, chain graphs.

Pure: values in, SVG text out. Colours are classes, so that the page's light and
dark style and its strict content policy hold. Every text is escaped here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from scanner.visible import safe_line

_WIDTH = 920


@dataclass(frozen=True)
class Event:
    """A dated line in a chart."""

    on: date
    words: str


def _svg(width: float, height: float, title: str, body: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" height="{h:.0f}" role="img">'
        "<title>{title}</title>{body}</svg>"
    ).format(w=width, h=height, title=title, body=Markup("").join(body))


def _text(x: float, y: float, words: str, css: str = "", anchor: str = "start") -> Markup:
    return Markup(
        '<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{css}">{words}</text>'
    ).format(x=x, y=y, anchor=anchor, css=css, words=safe_line(words))


def _rect(x: float, y: float, w: float, h: float, css: str, tip: str = "") -> Markup:
    return Markup(
        '<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" class="{css}">{tip}</rect>'
    ).format(
        x=x,
        y=y,
        w=max(w, 0),
        h=max(h, 0),
        css=css,
        tip=Markup("<title>{}</title>").format(safe_line(_cut(tip, 300))) if tip else "",
    )


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(
        x1, y1, x2, y2, css
    )


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def nice_ceiling(value: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten that is not below the value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * 0.999999)


def short_number(value: float) -> str:
    """A number in few characters: 1.2k, 3.4M, 5.6B."""
    for limit, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:.3g}"


def bars_over_time(
    periods: Sequence[date],
    part: Sequence[float],
    whole: Sequence[float],
    *,
    title: str,
    part_words: str,
    whole_words: str,
    events: Sequence[Event] = (),
) -> Markup:
    """Two bars a period (the part before the whole), with dated event lines.

    Args:
        periods: First day of each period, ascending, evenly spaced.
        part: The part's value in each period.
        whole: The whole's value in each period; not below the part.
        title: Words that say what the drawing shows.
        part_words: Legend of the part.
        whole_words: Legend of the whole.
        events: Lines; those outside the periods are left out.
    """
    left, right, top, bottom, height = 56.0, 16.0, 34.0, 40.0, 280.0
    plot = height - top - bottom
    ceiling = nice_ceiling(max([*whole, *part, 0]))
    step = (_WIDTH - left - right) / max(len(periods), 1)
    body = [_rect(left, 8, 10, 10, "part"), _text(left + 16, 17, part_words, "small")]
    body += [_rect(left + 220, 8, 10, 10, "whole"), _text(left + 236, 17, whole_words, "small")]
    for share in (0, 0.5, 1):
        y = top + plot * (1 - share)
        body.append(_line(left, y, _WIDTH - right, y, "gridline"))
        body.append(_text(left - 8, y + 4, short_number(ceiling * share), "small", "end"))
    every = max(1, math.ceil(len(periods) * 62 / (_WIDTH - left - right)))
    for n, (period, some, all_of_it) in enumerate(zip(periods, part, whole, strict=True)):
        x = left + n * step
        tip = f"{period}: {part_words} {some:,.0f}, {whole_words} {all_of_it:,.0f}"
        for value, css in ((all_of_it, "whole"), (some, "part")):
            tall = plot * value / ceiling
            body.append(_rect(x + step * 0.12, top + plot - tall, step * 0.76, tall, css, tip))
        if n % every == 0:
            body.append(_text(x + step / 2, height - 20, f"{period:%Y-%m}", "small", "middle"))
    if periods:
        body += _event_lines(periods, events, left, step, top, plot)
    return _svg(_WIDTH, height, title, body)


def _event_lines(
    periods: Sequence[date],
    events: Sequence[Event],
    left: float,
    step: float,
    top: float,
    plot: float,
) -> list[Markup]:
    first = periods[0].toordinal()
    last = periods[-1].toordinal()
    days = (last - first) / (len(periods) - 1) if len(periods) > 1 else 30.0
    body = []
    shown = [e for e in events if first <= e.on.toordinal() < last + days]
    for n, event in enumerate(shown):
        x = left + (event.on.toordinal() - first) / days * step
        body.append(_line(x, top - 4, x, top + plot, "event"))
        room = len(event.words) * 6.2 + 8
        anchor, shift = ("start", 4) if x + room < _WIDTH else ("end", -4)
        body.append(_text(x + shift, top + 10 + 14 * (n % 3), event.words, "small event", anchor))
    return body


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], float],
    *,
    title: str,
) -> Markup:
    """Cells shaded by value on a square-root scale, with the value written in each."""
    cell_w = min(86.0, (_WIDTH - 70) / max(len(columns), 1))
    cell_h, left, top = 30.0, 64.0, 30.0
    most = max(values.values(), default=0.0)
    body = [
        _text(left + (n + 0.5) * cell_w, top - 10, _cut(name, 10), "small", "middle")
        for n, name in enumerate(columns)
    ]
    for r, row in enumerate(rows):
        y = top + r * cell_h
        body.append(_text(left - 8, y + 20, _cut(row, 8), "small", "end"))
        for c, column in enumerate(columns):
            value = values.get((row, column))
            level = 0 if not value or not most else 1 + min(7, int(math.sqrt(value / most) * 7.999))
            x = left + c * cell_w
            tip = f"{row} to {column}: " + (f"{value:,.0f}" if value is not None else "no payment")
            body.append(_rect(x + 1, y + 1, cell_w - 2, cell_h - 2, f"heat{level}", tip))
            if value:
                css = "small on-dark" if level >= 5 else "small on-light"
                body.append(_text(x + cell_w / 2, y + 20, short_number(value), css, "middle"))
    return _svg(left + len(columns) * cell_w + 6, top + len(rows) * cell_h + 6, title, body)


def ranking(
    names: Sequence[str], part: Sequence[float], whole: Sequence[float], *, title: str
) -> Markup:
    """One horizontal bar a name: the part before the whole."""
    left, right, bar = 130.0, 90.0, 24.0
    ceiling = max([*whole, 1e-9])
    body = []
    for n, (name, some, all_of_it) in enumerate(zip(names, part, whole, strict=True)):
        y = 4 + n * bar
        room = _WIDTH - left - right
        tip = f"{name}: {some:,.0f} of {all_of_it:,.0f}"
        body.append(_text(left - 8, y + 15, _cut(name, 16), "small", "end"))
        body.append(_rect(left, y + 3, room * all_of_it / ceiling, bar - 8, "whole", tip))
        body.append(_rect(left, y + 3, room * some / ceiling, bar - 8, "part", tip))
        words = f"{short_number(some)} / {short_number(all_of_it)}"
        body.append(_text(left + room * all_of_it / ceiling + 6, y + 15, words, "small"))
    return _svg(_WIDTH, 8 + len(names) * bar, title, body)


def shares_side_by_side(
    groups: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    *,
    title: str,
    most: Sequence[float | None] = (),
) -> Markup:
    """Groups of upright bars from 0 to 1, one bar a series; up to eight series.

    Args:
        groups: Words under each group.
        series: Shares by the series' name, one a group; None = not known, no bar.
        title: Words that say what the drawing shows.
        most: The most that can be reached in each group, as a line over it.
    """
    left, right, top, plot, bottom = 46.0, 16.0, 34.0, 220.0, 34.0
    shades = [7, 4, 2, 5, 3, 6, 1, 8][: len(series)]
    step = (_WIDTH - left - right) / max(len(groups), 1)
    bar = step * 0.8 / max(len(series), 1)
    body = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = top + plot * (1 - share)
        body.append(_line(left, y, _WIDTH - right, y, "gridline"))
        body.append(_text(left - 8, y + 4, f"{share:.2g}", "small", "end"))
    for place, (name, values) in enumerate(series.items()):
        x = left + place * (_WIDTH - left - right) / max(len(series), 4)
        body.append(_rect(x, 8, 10, 10, f"heat{shades[place]}"))
        body.append(_text(x + 16, 17, _cut(name, 26), "small"))
        for group, value in enumerate(values):
            if value is None:
                continue
            tall = plot * min(max(value, 0.0), 1.0)
            x = left + group * step + step * 0.1 + place * bar
            tip = f"{groups[group]}, {name}: {value:.3f}"
            body.append(_rect(x, top + plot - tall, bar * 0.92, tall, f"heat{shades[place]}", tip))
    for group, reachable in enumerate(most):
        if reachable is not None:
            y, x = top + plot * (1 - min(reachable, 1.0)), left + group * step
            body.append(_line(x + step * 0.06, y, x + step * 0.94, y, "event"))
    for group, name in enumerate(groups):
        x = left + (group + 0.5) * step
        body.append(_text(x, top + plot + 18, _cut(name, 12), "small", "middle"))
    return _svg(_WIDTH, top + plot + bottom, title, body)


@dataclass(frozen=True)
class Node:
    """A box of a graph: two lines of text, and whether something was found on it."""

    name: str
    words: str
    is_found: bool = False


def chain(nodes: Sequence[Node], links: Sequence[str], *, title: str) -> Markup:
    """Boxes in a row with arrows between them; a long chain goes on in the next row.

    Args:
        nodes: Parties in the order of the money.
        links: Words over the arrow from each node to the next, one fewer than nodes.
        title: Words that say what the drawing shows.
    """
    across, box_w, box_h, gap_x, gap_y = 4, 176.0, 56.0, 68.0, 34.0
    body = []
    for n, node in enumerate(nodes):
        row, place = divmod(n, across)
        x, y = 4 + place * (box_w + gap_x), 18 + row * (box_h + gap_y)
        css = "node found" if node.is_found else "node"
        body.append(_rect(x, y, box_w, box_h, css, f"{node.name} {node.words}"))
        body.append(_text(x + 10, y + 23, _cut(node.name, 20), "nodename"))
        body.append(_text(x + 10, y + 42, _cut(node.words, 25), "small"))
        if n + 1 == len(nodes):
            continue
        if place + 1 < across:
            start, middle = x + box_w, y + box_h / 2
            body.append(_line(start, middle, start + gap_x - 8, middle, "arrow"))
            body.append(_head(start + gap_x, middle))
            words = _cut(links[n], 11)
            body.append(_text(start + gap_x / 2 - 4, middle - 7, words, "small", "middle"))
        else:
            body.append(_line(x + box_w / 2, y + box_h, x + box_w / 2, y + box_h + 12, "arrow"))
            body.append(_line(90, y + box_h + 12, x + box_w / 2, y + box_h + 12, "arrow"))
            body.append(_line(90, y + box_h + 12, 90, y + box_h + gap_y, "arrow"))
    rows = math.ceil(len(nodes) / across) or 1
    return _svg(_WIDTH + 60, 26 + rows * (box_h + gap_y), title, body)


def _head(x: float, y: float) -> Markup:
    return Markup('<path d="M{:.1f} {:.1f} l-9 -5 v10 z" class="arrowhead"/>').format(x, y)


def calibration(predicted: Sequence[float], observed: Sequence[float], *, title: str) -> Markup:
    """Predicted against observed share; the diagonal is perfect calibration."""
    size, left, top = 300.0, 46.0, 12.0
    body = [_line(left, top + size, left + size, top, "gridline")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        at = top + size * (1 - share)
        body.append(_line(left, at, left + size, at, "gridline"))
        body.append(_text(left - 6, at + 4, f"{share:.2g}", "small", "end"))
        body.append(_text(left + size * share, top + size + 18, f"{share:.2g}", "small", "middle"))
    for p, o in zip(predicted, observed, strict=True):
        body.append(
            Markup(
                '<circle cx="{:.1f}" cy="{:.1f}" r="5" class="dot"><title>{}</title></circle>'
            ).format(left + size * p, top + size * (1 - o), f"predicted {p:.3f}, observed {o:.3f}")
        )
    body.append(_text(left + size / 2, top + size + 36, "predicted", "small", "middle"))
    return _svg(left + size + 20, top + size + 44, title, body)
