"""The acts that ask the law of compliance systems, apart from the others: a start that needs none
of them does not load the law engine."""

from collections.abc import Callable
from typing import Any

from onetonne.ledger import commands as c
from onetonne.ledger.acts import allocate, convert, figures, operators, pay, recognise, surrender
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.state import State

ACTS: dict[type, Callable[[State, Any, Context], tuple[Event, ...]]] = {
    c.Convert: convert.convert,
    c.Surrender: surrender.surrender,
    c.ReturnExcess: surrender.return_excess,
    c.RegisterOperator: operators.register,
    c.ChangeOperator: operators.change,
    c.GroupOperators: operators.group,
    c.SetCap: figures.set_cap,
    c.Allocate: allocate.allocate,
    c.SetFigure: figures.set_figure,
    c.ReportEmissions: figures.report,
    c.RecordPayment: pay.record,
    c.Recognise: recognise.recognise,
    c.WithdrawRecognition: recognise.withdraw,
}
