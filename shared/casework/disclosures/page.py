"""A page of a letter: A4 with a page number at its foot.

Roboto has all Kazakh letters (Apache-2.0, from PyPI).
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from importlib.resources import files

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace
from fpdf.table import Table

from shared.casework.disclosures import sentences as s
from shared.casework.disclosures.sentences import say
from shared.casework.disclosures.words import Language
from shared.contract.calendar import ZONE

FONT, FONT_FILES = "Roboto", {"": "Roboto-Regular.ttf", "B": "Roboto-Bold.ttf"}
MARGIN, FOOT = 11, 14  # mm
GREY, BLACK = 100, 0


class Page(FPDF):
    """A4 with a page number at its foot."""

    def __init__(self, language: Language) -> None:
        super().__init__(format="A4")
        self.language = language

    def footer(self) -> None:
        """Which page of how many."""
        self.set_y(-FOOT)
        self.set_font(FONT, size=7.5)
        self.set_text_color(GREY)
        numbers = say(s.PAGE, self.language, page=str(self.page_no()), pages="{nb}")
        self.cell(w=0, h=5, text=numbers, align="R")
        self.set_text_color(BLACK)

    def paragraph(self, text: str, *, size: float = 9.5, style: str = "", after: float = 1.5) -> None:
        """A paragraph over the whole width; `size` in points, `after` in millimetres."""
        self.set_font(FONT, style=style, size=size)
        self.multi_cell(w=0, h=size * 0.45, text=text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)

    def grid(self, widths: Iterable[int]) -> AbstractContextManager[Table]:
        """A table with lines between its rows; `widths` in millimetres."""
        self.set_font(FONT, size=7.5)
        self.set_draw_color(GREY)
        return self.table(
            col_widths=tuple(widths),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD"),
            line_height=3.1,
            padding=(0.6, 0.8),
            text_align="LEFT",
            v_align="TOP",
        )

    def begin(self, *, title: str, at: datetime) -> None:
        """Fonts, margins, and what the file says of itself: title and language, nothing of a person."""
        fonts = files("font_roboto") / "files"
        for style, name in FONT_FILES.items():
            self.add_font(FONT, style=style, fname=str(fonts / name))
        self.set_margins(MARGIN, MARGIN + 3, MARGIN)
        self.set_auto_page_break(auto=True, margin=FOOT + 2)
        self.set_title(title)
        self.set_lang(self.language)
        self.set_producer("Qorgau")
        self.set_creation_date(at.astimezone(ZONE))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()
