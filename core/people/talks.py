"""The question a person was asked, by its stored name and with its draft: a row, so that it survives a restart."""

from typing import Any

from sqlalchemy import bindparam, delete

from core.work import Work
from db.models.talk import Talk

WITHDRAW = delete(Talk).where(Talk.person_id == bindparam("of"))


async def ask(work: Work, *, person_id: int, question: str, draft: dict[str, Any]) -> None:
    """Take the next words of this person as the answer to `question`."""
    await work.session.merge(Talk(person_id=person_id, question=question, draft=draft, asked_at=work.now))


async def withdraw(work: Work, person_id: int) -> None:
    await work.session.execute(WITHDRAW, {"of": person_id})
