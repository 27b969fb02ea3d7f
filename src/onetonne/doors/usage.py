"""What is wrong with a command line itself, as one sentence in both languages.

The parser says it in English only; its few sentences are told apart by their form.
"""

import re

from onetonne.doors.render import Line

_FORMS = (
    (r"Missing option '(.+)'\.?", "{0} is missing", "缺少 {0}"),
    (r"Missing argument '(.+)'\.?", "{0} is missing", "缺少 {0}"),
    (r"No such option:? (\S+?)\.?", "There is no option {0}", "沒有選項 {0}"),
    (r"No such option:? (\S+) \(Possible options: (.+)\)",
     "There is no option {0}; did you mean {1}?", "沒有選項 {0}；是否為 {1}？"),
    (r"No such option:? (\S+) Did you mean (.+)\?",
     "There is no option {0}; did you mean {1}?", "沒有選項 {0}；是否為 {1}？"),
    (r"No such command '(.+?)'\.", "There is no command {0!r}", "沒有指令 {0!r}"),
    (r"No such command '(.+?)'\. Did you mean (.+)\?",
     "There is no command {0!r}; did you mean {1}?", "沒有指令 {0!r}；是否為 {1}？"),
    (r"Got unexpected extra arguments? \((.+)\)",
     "{0} is more than this command takes; put names with blanks in quotes",
     "多了 {0}；名稱含空白時請加引號"),
    (r"Got unexpected extra argument\(s\) \((.+)\)",
     "{0} is more than this command takes; put names with blanks in quotes",
     "多了 {0}；名稱含空白時請加引號"),
    (r"Missing command\.?", "A command is missing", "缺少指令"),
    (r"Option '(.+)' requires an argument\.", "{0} needs a value", "{0} 須有值"),
    (r"Invalid value for '(.+?)': Input should be a valid integer.*",
     "{0} must be a whole number such as 12", "{0} 須為整數，例如 12"),
    (r"Invalid value for '(.+?)': Input should be greater than or equal to (.+)",
     "{0} must be {1} or more", "{0} 至少為 {1}"),
    (r"Invalid value for '(.+?)': Input should be less than or equal to (.+)",
     "{0} must be {1} at most", "{0} 至多為 {1}"),
    (r"Invalid value for '(.+?)': (.+)", "{0}: {1}", "{0}：{1}"),
)  # fmt: skip


def said(error: Exception) -> Line:
    """The parser's complaint, and which help tells more."""
    context = getattr(error, "ctx", None)
    help_ = f"{context.command_path} --help" if context is not None else "onetonne --help"
    text = " ".join(str(getattr(error, "message", "") or error).split())
    formatted = getattr(error, "format_message", None)
    text = " ".join(formatted().split()) if formatted is not None else text
    for form, en, zh in _FORMS:
        if found := re.fullmatch(form, text):
            return _with_help(en.format(*found.groups()), zh.format(*found.groups()), help_)
    return _with_help(text, text, help_)


def _with_help(en: str, zh: str, help_: str) -> Line:
    def end(text: str, stop: str) -> str:
        return text if text.endswith((".", "?", "。", "？")) else text + stop

    return Line(f"{end(en, '.')} See: {help_}", f"{end(zh, '。')}請見：{help_}")
