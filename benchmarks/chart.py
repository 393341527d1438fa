"""A picture of ratios: a bar for each runner and scenario, as long as the logarithm of its time by the original's."""

from collections.abc import Mapping
from math import log10

LEFT, WIDTH, BAR, GAP, TOP = 190, 560, 9, 12, 46
LEAST, MOST = 0.01, 100.0
COLOURS = ("#c2410c", "#64748b", "#2563eb", "#0d9488", "#a855f7", "#a16207", "#94a3b8")


def draw_ratios(title: str, ratios: Mapping[str, Mapping[str, float]]) -> str:
    """The SVG for the ratios by scenario and runner."""
    runners = list(dict.fromkeys(runner for row in ratios.values() for runner in row))
    colours = dict(zip(runners, COLOURS, strict=False))
    parts = [*_legend(title, colours)]
    top = TOP
    for scenario, row in ratios.items():
        middle = top + len(row) * BAR / 2 + 4
        parts.append(f'<text x="{LEFT - 8}" y="{middle:.0f}" text-anchor="end">{scenario}</text>')
        for runner, ratio in row.items():
            parts.append(_bar(top, ratio, colours[runner]))
            top += BAR
        top += GAP
    lines = [_line(power, top) for power in range(round(log10(LEAST)), round(log10(MOST)) + 1)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 60}" height="{top + 24}" '
    return "\n".join([f'{head}font-family="sans-serif" font-size="11">', *lines, *parts, "</svg>", ""])


def _place(ratio: float) -> float:
    inside = min(max(ratio, LEAST), MOST)
    return LEFT + WIDTH * log10(inside / LEAST) / log10(MOST / LEAST)


def _bar(top: float, ratio: float, colour: str) -> str:
    end = _place(ratio)
    bar = f'<rect x="{LEFT}" y="{top}" width="{end - LEFT:.1f}" height="{BAR - 1}" fill="{colour}"/>'
    return f'{bar}<text x="{end + 3:.1f}" y="{top + BAR - 1}" font-size="8">{ratio:.3g}</text>'


def _line(power: int, bottom: float) -> str:
    x = _place(10.0**power)
    colour = "#333" if power == 0 else "#ddd"
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{bottom}" stroke="{colour}"/>'
    return f'{line}<text x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">{10.0**power:g}</text>'


def _legend(title: str, colours: Mapping[str, str]) -> list[str]:
    parts = [f'<text x="10" y="16" font-size="13">{title}</text>']
    for number, (runner, colour) in enumerate(colours.items()):
        x = 10 + 105 * number
        parts.append(f'<rect x="{x}" y="24" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 14}" y="33">{runner}</text>')
    return parts
