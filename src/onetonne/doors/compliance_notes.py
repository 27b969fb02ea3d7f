"""What compliance acts did, a sentence for each event in both languages, and its facts as people
read them.
"""

from decimal import Decimal
from typing import Any

from onetonne.ledger import events as ev

COMPLIANCE: dict[type, tuple[str, str]] = {
    ev.OperatorRegistered: (
        "Operator {operator} of {system} registered.",
        "已登錄 {system} 納管事業 {operator}。",
    ),
    ev.OperatorChanged: (
        "Operator {operator} of {system} changed.",
        "已變更 {system} 納管事業 {operator}。",
    ),
    ev.CapSet: ("Cap of {system} {period}: {tonnes:,}.", "{system} {period} 總量：{tonnes:,}。"),
    ev.Allocated: (
        "Allocated to {operator} for {system} {period}: {tonnes:,}.",
        "已核配 {operator}，{system} {period}：{tonnes:,}。",
    ),
    ev.FigureSet: (
        "{figure} of {operator} for {system} {period}: {tonnes:,}.",
        "{operator}，{system} {period}，{figure}：{tonnes:,}。",
    ),
    ev.PaymentRecorded: (
        "Paid by {operator} for {system} {period} ({kind}): {amount} {currency}.",
        "{operator} 就 {system} {period} 繳納（{kind}）：{amount} {currency}。",
    ),
    ev.OperatorsGrouped: (
        "Taken together in {system} from {since} on ({kind}): {operators}.",
        "{system} 自 {since} 起合併計算（{kind}）：{operators}。",
    ),
    ev.Recognised: (
        "Recognised for {system}: {units} of lot {lot}.",
        "已認可用於 {system}：批次 {lot} 之 {units}。",
    ),
    ev.RecognitionWithdrawn: (
        "The recognition of entry {recognition} is withdrawn.",
        "已撤銷條目 {recognition} 之認可。",
    ),
    ev.DutySettled: (
        "Duty of entry {duty}: {outcome}.",
        "條目 {duty} 之義務：{outcome}。",
    ),
    ev.DutyArose: (
        "To follow by {due}: {clause}. See: onetonne ets duties.",
        "須於 {due} 前履行：{clause}。請見：onetonne ets duties。",
    ),
}


def facts_of(event: Any) -> dict[str, Any]:
    """What these sentences say of an event otherwise than it stands there."""
    if isinstance(event, ev.OperatorsGrouped):
        return {"operators": ", ".join(filter(None, (*event.operators, event.into)))}
    if isinstance(event, ev.DutySettled):
        return {"outcome": event.outcome or "open"}
    if isinstance(event, ev.PaymentRecorded):
        return {"amount": f"{Decimal(event.amount):,f}"}
    return {}
