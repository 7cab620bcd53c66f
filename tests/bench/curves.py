"""Lines over logarithmic axes, as SVG: what is flat looks flat, and what grows with what is held rises as steeply."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import ceil, floor, log10

NAMESPACE = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 360, 60, 190, 16, 46
COLOURS = ("#1b6ca8", "#b5402a", "#3a7d44", "#7a4fa3", "#8a6d1a", "#444444")
Line = Sequence[tuple[float, float]]


def curves(lines: Mapping[str, Line], *, across: str, up: str) -> str:
    """An SVG of lines by name, each of points (x, y) above zero."""
    xs = [x for line in lines.values() for x, _ in line]
    ys = [y for line in lines.values() for _, y in line]
    place_x = _axis(xs, LEFT, WIDTH - RIGHT)
    place_y = _axis(ys, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *(_tick(place_x(10.0**n), HEIGHT - BOTTOM + 16, _power(n), "middle") for n in _decades(xs)),
        *(_rule(place_y(10.0**n)) + _tick(LEFT - 6, place_y(10.0**n) + 4, _power(n), "end") for n in _decades(ys)),
        _tick((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, across, "middle"),
        _tick(LEFT, TOP - 4, up, "start"),
    ]
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_tick(WIDTH - RIGHT + 12, TOP + 16 + 18 * number, name, "start", colour))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _decades(values: Sequence[float]) -> range:
    return range(floor(log10(min(values))), ceil(log10(max(values))) + 1)


def _axis(values: Sequence[float], first: float, last: float) -> Callable[[float], float]:
    decades = _decades(values)
    low, span = decades[0], max(1, decades[-1] - decades[0])
    return lambda value: first + (last - first) * (log10(value) - low) / span


def _power(n: int) -> str:
    return f"{10**n:,}" if n >= 0 else f"{10.0**n:g}"


def _rule(y: float) -> str:
    return f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'


def _tick(x: float, y: float, text: str, anchor: str, colour: str = "#222222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
