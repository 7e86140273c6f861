"""A tutor's booking settings, and the effect of a change on the coming week. Booked lessons keep their terms."""

from dataclasses import dataclass

from sqlalchemy import update

from core.enums import Setting
from core.errors import BadSetting, UnknownTimezone
from core.people import tutors
from core.pure.setting_table import ROWS, TutorSettingsCard
from core.times import offers
from core.work import Work
from db.base import AnyRow, table
from db.models.tutor_settings import TutorSettings

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Changed:
    """`before` and `after` count the times offered in the next seven days."""

    card: TutorSettingsCard
    before: int
    after: int


async def card(work: Work, *, tutor_id: int) -> TutorSettingsCard:
    """Return all settings; raises NotATutor."""
    return _card(await tutors.settings_of(work, tutor_id))


async def change(work: Work, *, tutor_id: int, **changed: object) -> Changed:
    """
    Set these columns of the tutor's settings.

    - lessons booked before keep their terms
    - raises NotATutor, UnknownTimezone, BadSetting
    """
    await tutors.lock(work, tutor_id)
    for column, value in changed.items():
        _check(column, value)
    before = await offers.count_free(work, tutor_id=tutor_id, days=DAYS_SHOWN)
    await work.session.execute(
        update(table(TutorSettings)).where(table(TutorSettings).c.tutor_id == tutor_id).values(**changed)
    )
    after = await offers.count_free(work, tutor_id=tutor_id, days=DAYS_SHOWN)
    return Changed(await card(work, tutor_id=tutor_id), before, after)


def _check(column: str, value: object) -> None:
    row = ROWS[column]
    if row.kind.allows(value):
        return
    raise UnknownTimezone(str(value)) if row.setting is Setting.ZONE else BadSetting(row.setting)


def _card(row: AnyRow) -> TutorSettingsCard:
    return TutorSettingsCard(**{column: getattr(row, column) for column in ROWS})
