"""Facts worded in Chinese sentences, so that none holds half an English one.

Facts are kept once: as numbers, codes, and a few set phrases in English. A sentence in Chinese
passes them through a literal table of templates; {} stands for what differs, codes stay codes.
"""

import re
from collections.abc import Mapping

CJK = "\u3000-\u9fff\uff00-\uffef"
_GAP = re.compile(f"(?<=[{CJK}]) (?=[{CJK}])")


def closed_up(text: str) -> str:
    """Chinese without the blanks that a template leaves between two of its characters."""
    return _GAP.sub("", text)


class Wording:
    """Set phrases and what they are in Chinese; {} (or {0}, {1} there) takes what differs.
    `listed`: a fact holds several phrases, with semicolons between them. `words`: of what differs,
    those that are codes, in Chinese."""

    def __init__(
        self,
        templates: Mapping[str, str],
        *,
        listed: bool = False,
        words: Mapping[str, str] = {},
    ) -> None:
        self._listed, self._words = listed, words
        self._templates = [
            (re.compile("(.+)".join(map(re.escape, en.split("{}"))), re.DOTALL), zh)
            for en, zh in templates.items()
        ]

    def zh(self, text: str) -> str:
        """The phrase in Chinese; text that is none of the table's stays as it is."""
        return "；".join(map(self._one, text.split("; "))) if self._listed else self._one(text)

    def _one(self, text: str) -> str:
        for pattern, zh in self._templates:
            if found := pattern.fullmatch(text):
                return zh.format(*map(self._part, found.groups()))
        return text

    def _part(self, text: str) -> str:
        head, blank, rest = text.partition(" ")
        return self._words.get(head, head) + blank + rest
