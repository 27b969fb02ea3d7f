"""What a letter of authorisation says, as a sheet to read: every element that 4/CMA.6 asks of one.

The sheet holds nothing but what the letter's file and its check hold; an element on which the
letter is silent is named as such, and its document has the word. Page and PDF print the same sheet.
"""

import shlex
from collections.abc import Iterable
from hashlib import sha256

import msgspec

from onetonne.base.account_numbers import show
from onetonne.base.days import iso
from onetonne.doors.measures import amounts, of_outcome
from onetonne.exchange.letter import Letter, Report
from onetonne.ledger import codec
from onetonne.ledger.article6.events import Authorised, Block
from onetonne.ledger.proof_findings import Finding

STANDINGS = {
    "letter_revoked": ("REVOKED", "已撤銷"),
    "letter_suspended": ("SUSPENDED", "已暫停"),
    "letter_entity_withdrawn": ("AN ENTITY WAS WITHDRAWN", "已有實體撤除"),
    "letter_superseded": ("REPLACED BY A NEWER VERSION", "已由新版取代"),
    "letter_expired": ("EXPIRED", "已屆期"),
    "letter_not_yet": ("NOT YET IN FORCE", "尚未生效"),
}
"""What a genuine letter may have come to; of any other finding there is no sheet."""
PURPOSES = {
    "NDC": ("use towards another Party's NDC", "用於其他締約方之國家自定貢獻"),
    "IMP": ("international mitigation purposes", "國際減緩目的"),
    "OP": ("other purposes", "其他目的"),
}
TRIGGERS = {
    "authorisation": ("at the authorisation", "授權時"),
    "issuance": ("at issuance", "核發時"),
    "use": ("at use or cancellation", "使用或取消時"),
}


class Both(msgspec.Struct, frozen=True):
    """One text in both languages; the Chinese one is empty where it is the same."""

    en: str
    zh: str = ""


class Row(msgspec.Struct, frozen=True):
    name: Both
    values: tuple[Both, ...]


class Section(msgspec.Struct, frozen=True):
    title: Both
    rows: tuple[Row, ...]


class Sheet(msgspec.Struct, frozen=True):
    """A letter to read: `standing` as of checkpoint `size`, then the sections. `holds` is False for
    one that authorises nothing new any more; `trusted` says whether a key was given."""

    registry: str
    authorisation: str
    version: int
    party: str
    day: str
    holds: bool
    trusted: bool
    standing: Both
    why: tuple[Both, ...]
    sections: tuple[Section, ...]
    command: str


def sheet(data: bytes, report: Report, size: int, file: str) -> Sheet | None:
    """The sheet of a letter that was checked: `data` its file, called `file`, and `size` the
    checkpoint as of which the check holds. None where the letter is not genuine."""
    terms = report.terms
    if terms is None or any(f.code not in STANDINGS for f in report.findings):
        return None
    letter = msgspec.json.decode(data, type=Letter)
    return Sheet(
        registry=_registry(letter),
        authorisation=terms.authorisation,
        version=terms.version,
        party=terms.party,
        day=str(terms.day),
        holds=report.ok,
        trusted=report.key_given,
        standing=_standing(report.findings, size),
        why=tuple(_why(finding) for finding in report.findings),
        sections=(
            Section(Both("What is authorised", "授權內容"), _authorised(terms)),
            Section(Both("Mitigation outcomes covered", "涵蓋之減緩成果"), covered(terms)),
            Section(Both("Receivers, standards and terms", "取得者、標準與條件"),
                    (*_receivers(terms), *_underlying(letter, terms), *_conditions(terms))),
            Section(Both("Proof", "證明"), _proof(data, letter, terms, size)),
        ),
        command=f"onetonne a6 letter-check {shlex.quote(file)} --key KEY",
    )  # fmt: skip


def _registry(letter: Letter) -> str:
    return letter.key.partition("+")[0]


def _standing(findings: tuple[Finding, ...], size: int) -> Both:
    en, zh = STANDINGS[findings[0].code] if findings else ("VALID", "有效")
    return Both(f"{en} as of checkpoint {size}", f"截至檢查點 {size}：{zh}")


def _stated(terms: Authorised, key: str) -> Both:
    """What the authorisation says in words of an element; the letter is silent without."""
    return Both(terms.statements[key]) if key in terms.statements else SILENT


def _why(finding: Finding) -> Both:
    en = finding.sentence("en")
    return Both(en[:1].upper() + en[1:], finding.sentence("zh"))


def _row(en: str, zh: str, *values: Both) -> Row:
    return Row(Both(en, zh), values)


SILENT = Both("not stated in this letter; the document governs", "本授權書未載明，依文件")
"""What a letter says of an element that it does not hold."""


def _each(texts: tuple[str, ...], none: Both) -> tuple[Both, ...]:
    return (Both(", ".join(texts)),) if texts else (none,)


def _authorised(terms: Authorised) -> tuple[Row, ...]:
    """Elements 1 to 4: approach, Party and days, uses, first transfer."""
    uses = [Both(f"{code}: {en}", f"{code}：{zh}")
            for code, (en, zh) in PURPOSES.items() if code in terms.purposes]  # fmt: skip
    if terms.programmes:
        listed = ", ".join(terms.programmes)
        uses.append(Both(f"for these programmes: {listed}", f"限下列計畫：{listed}"))
    last = Both(f"{terms.use_by}; nothing is first transferred or used under it after that day",
                f"{terms.use_by}；其後不得再為首次移轉或使用")  # fmt: skip
    trigger = TRIGGERS.get(terms.first_transfer)
    return (
        _row("Cooperative approach", "合作方法", Both(terms.approach)),
        _row("Authorising Party", "授權締約方", Both(terms.party)),
        _row("Authorisation, version", "授權編號、版本",
             Both(f"{terms.authorisation}, version {terms.version}",
                  f"{terms.authorisation}，第 {terms.version} 版")),
        _row("Date; in force from", "授權日期；生效日", Both(str(terms.day))),
        _row("Last day of use", "使用期限",
             last if terms.use_by else Both("no last day", "未定期限")),
        _row("Last day of issuance", "核發期限", _stated(terms, "last_issuance")),
        _row("Authorised uses", "授權用途", *uses),
        _row("First transfer for other international mitigation purposes",
             "其他國際減緩目的之首次移轉",
             Both(*trigger) if trigger
             else Both("does not apply: for use towards NDCs alone",
                       "不適用：僅供用於國家自定貢獻")),
    )  # fmt: skip


def _blocks(blocks: Iterable[Block]) -> tuple[Both, ...]:
    return tuple(
        Both(f"lot {lot}, units {first + 1:,} to {next_:,}",
             f"批次 {lot}，第 {first + 1:,} 至 {next_:,} 單位")
        for lot, first, next_ in blocks
    )  # fmt: skip


def _amount(cap: int, metric: str) -> Both:
    return Both(*amounts({of_outcome(metric): cap}))


def covered(terms: Authorised) -> tuple[Row, ...]:
    """Element 5: which mitigation outcomes, and how many."""
    blocks, missed = _blocks(terms.blocks), _blocks(terms.left_out)
    not_reached = (_row("Serial blocks not reached", "未及之序號區段", *missed),) if missed else ()
    return (
        _row("Quantity at most", "數量上限",
             _amount(terms.cap, terms.metric) if terms.cap
             else Both("no cap", "未設上限")),
        _row("Vintages", "年份", Both(f"{terms.vintage_from} to {terms.vintage_to}",
                                    f"{terms.vintage_from} 至 {terms.vintage_to}")),
        _row("Activities", "活動（專案）", *_each(terms.projects, Both("any", "不限"))),
        _row("Unit types", "單位種類", *_each(terms.units, Both("any", "不限"))),
        _row("Serial blocks", "序號區段", *(blocks or (Both("any", "不限"),))),
        *not_reached,
        _row("Sectors", "部門", _stated(terms, "sectors")),
        _row("Activity types", "活動類型", _stated(terms, "activity_types")),
        _row("Metric", "計量單位", Both("t CO2e", "公噸 CO2e") if terms.metric == "GHG"
             else Both(f"{terms.metric} (no GHG metric)", f"{terms.metric}（非溫室氣體計量）")),
        _row("Global warming potentials", "溫暖化潛勢",
             _stated(terms, "gwp") if terms.metric == "GHG" else Both("do not apply", "不適用")),
    )  # fmt: skip


def _receivers(terms: Authorised) -> tuple[Row, ...]:
    """Element 6: who may have them."""
    accounts = tuple(show(number) for number in terms.entities)
    return (
        _row("Participating Parties that may have them", "得取得之締約方",
             *_each(terms.parties, Both("any Party", "任何締約方"))),
        _row("Authorised entities, by account", "授權實體（帳戶）",
             *_each(accounts, Both("any entity of these Parties", "上列締約方之任何實體"))),
    )  # fmt: skip


def _underlying(letter: Letter, terms: Authorised) -> tuple[Row, ...]:
    """Element 7: standards, and where the units are kept."""
    return (
        _row("Standards and methodologies", "標準與方法學", _stated(terms, "methodologies")),
        _row("Registry that issued this letter", "核發本授權書之登錄簿", Both(_registry(letter))),
        _row("Registries that track them", "追蹤登錄簿", _stated(terms, "registries")),
    )


def _conditions(terms: Authorised) -> tuple[Row, ...]:
    """Element 8: terms, changes, and how double counting is avoided."""
    return (
        _row("Changes", "變更",
             Both(terms.change_terms) if terms.change_terms else SILENT),
        _row("Revocation", "撤銷",
             Both(terms.revocation_terms) if terms.revocation_terms else SILENT),
        _row("Recall of unused units", "召回未使用之單位",
             Both(f"within {terms.recall_days} days of the first transfer, with the consent of the "
                  "Party that holds them",
                  f"首次移轉後 {terms.recall_days} 日內，經持有締約方同意")
             if terms.recall_days else Both("none", "無")),
        _row("Avoiding double counting", "避免重複計算", _stated(terms, "double_counting")),
        _row("Other conditions", "其他條件", _stated(terms, "conditions")),
    )  # fmt: skip


def _proof(data: bytes, letter: Letter, terms: Authorised, size: int) -> tuple[Row, ...]:
    entry = codec.decode(letter.entry.encode())
    point = letter.checkpoint.splitlines()
    return (
        _row("Document (SHA-256)", "文件（SHA-256）", Both(terms.digest)),
        _row("This letter's file (SHA-256)", "本授權書檔案（SHA-256）",
             Both(sha256(data).hexdigest())),
        _row("Journal entry", "日誌條目", Both(f"{letter.seq}, {iso(entry.at)}")),
        _row("Its checkpoint: size, root", "其檢查點：筆數、根值",
             Both(f"{point[1]}, {point[2]}")),
        *((_row("Held against checkpoint", "對照之檢查點", Both(str(size))),)
          if str(size) != point[1] else ()),
        _row("Key of the registry", "登錄簿金鑰", Both(letter.key)),
    )  # fmt: skip
