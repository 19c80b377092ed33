"""Charts, drawn on the server by pygal. Every chart stands beside a table of the same figures."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element  # nosec B405 # what pygal draws with; nothing is parsed

import pygal
from pygal.style import Style
from starlette.responses import Response

# It puts a finder of its plugins before every later import, in a form that Python has given up; we use no plugin.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

COLOURS = ("#1f7a5c", "#c98a1b", "#b3392f", "#3f6fb5", "#7a5ca8")
"""Told apart by people who see fewer colours too, and readable on both grounds; in the order of the series."""
_GROUND = "transparent"
_GUIDE = "#7b878355"
_FONTS = "'Noto Sans TC', 'Noto Sans CJK TC', 'Microsoft JhengHei', sans-serif"
_INK = "#7b8783"
"""Between light and dark: an image does not know which of the two the page is in."""


def stacked_bars(labels: Sequence[str], series: Mapping[str, Sequence[int]], *, every: int = 1) -> bytes:
    """Counts on top of each other.

    Args:
        labels: of the bars, from left to right.
        series: a name and one figure for each label; at most as many as `COLOURS`.
        every: how many bars share one label that is written out.

    Returns:
        An SVG image without scripts.
    """
    chart = _plain(pygal.StackedBar, labels, every)
    for name, figures in series.items():
        chart.add(name, list(figures))
    chart.y_labels = steps(max((sum(column) for column in zip(*series.values(), strict=True)), default=0))
    drawn: bytes = chart.render()
    return drawn


def bars(labels: Sequence[str], name: str, figures: Sequence[float], *, most: int = 0) -> bytes:
    """One figure for each label, lying, since labels are words. `most`: where the axis ends, as 100 of per cents."""
    chart = _plain(pygal.HorizontalBar, labels[::-1], 1)
    chart.show_legend, chart.show_minor_x_labels, chart.margin_left = False, True, 90
    chart.add(name, list(figures)[::-1])
    chart.y_labels = steps(most or int(max(figures, default=0)))
    drawn: bytes = chart.render()
    return drawn


def image(svg: bytes) -> Response:
    """A chart as a response of its own: an image may have its styles inside, the page may not."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    return Response(svg, media_type="image/svg+xml", headers={"Content-Security-Policy": policy})


def _plain(kind: type[pygal.graph.graph.Graph], labels: Sequence[str], every: int) -> pygal.graph.graph.Graph:
    ink = {"foreground": _INK, "foreground_strong": _INK, "foreground_subtle": _INK}
    guides = {"guide_stroke_color": _GUIDE, "guide_stroke_dasharray": "0"}
    style = Style(
        background=_GROUND, plot_background=_GROUND, colors=COLOURS, opacity="1", font_family=_FONTS, **ink, **guides,
        **{f"major_{key}": value for key, value in guides.items()},
        label_font_size=13, legend_font_size=14, major_label_font_size=13,
    )  # fmt: skip
    chart = kind(
        style=style, js=[], disable_xml_declaration=False, width=880, height=320, legend_at_bottom=True,
        legend_at_bottom_columns=len(COLOURS), show_minor_x_labels=False, truncate_label=12, spacing=8,
        no_data_text="沒有資料", margin=8, margin_bottom=28, print_values=False,
        value_formatter="{:,.0f}".format,
    )  # fmt: skip
    chart.add_xml_filter(_without_scripts)
    chart.x_labels = list(labels)
    chart.x_labels_major = list(labels)[::every]
    return chart


def steps(most: int) -> list[int]:
    """Whole numbers up to the largest or just beyond it, few enough to read."""
    size = next(
        width for power in range(12) for width in (10**power, 2 * 10**power, 5 * 10**power) if width * 5 >= most
    )
    return list(range(0, most + size, size))


def _without_scripts(root: Element) -> Element:
    for parent in root.iter():
        for script in [child for child in parent if str(child.tag).endswith("script")]:
            parent.remove(script)
    return root
