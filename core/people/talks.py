"""The question that a person was asked, with its name and draft. It is stored in a row, so it survives a restart."""

from typing import Any

from sqlalchemy import bindparam, delete

from core.work import Work
from db.models.talk import Talk

WITHDRAW = delete(Talk).where(Talk.person_id == bindparam("of"))


async def ask(work: Work, *, person_id: int, question: str, draft: dict[str, Any]) -> None:
    """Store the open question: the person's next text is its answer. It replaces an earlier question."""
    await work.session.merge(Talk(person_id=person_id, question=question, draft=draft, asked_at=work.now))


async def withdraw(work: Work, person_id: int) -> None:
    await work.session.execute(WITHDRAW, {"of": person_id})
