"""A letter's sheet as one HTML page that needs nothing else and prints on A4.

What people typed (codes, terms) is hostile input: the page escapes all of it.
"""

from jinja2 import Environment, PackageLoader, StrictUndefined

from onetonne.doors.letter_sheet import Sheet
from onetonne.doors.render import plain


def page(told: Sheet) -> str:
    """The page, in both languages."""
    templates = Environment(
        loader=PackageLoader("onetonne.doors"), autoescape=True, undefined=StrictUndefined,
        finalize=lambda value: plain(value) if isinstance(value, str) else value,
    )  # fmt: skip
    return templates.get_template("letter.html.jinja").render(s=told)
