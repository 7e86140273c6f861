"""Each setting stands in one row; what else names settings agrees with it."""

from dataclasses import fields

from core.enums import Setting
from core.pure.planning.values import Rules
from core.pure.setting_table import COLUMNS, DEFAULTS, ROWS, RULES
from db.models.tutor_settings import TutorSettings


def test_every_setting_has_a_column_and_a_first_value_that_it_allows():
    assert COLUMNS.keys() == set(Setting)
    assert [column for column, row in ROWS.items() if not row.kind.allows(DEFAULTS[column])] == []


def test_every_column_is_one_of_the_database():
    assert ROWS.keys() <= set(TutorSettings.__table__.columns.keys())


def test_every_rule_of_a_plan_comes_from_one_column():
    assert sorted(rule for rule, _ in RULES) == sorted(rule.name for rule in fields(Rules))


def test_a_value_of_another_type_is_refused():
    assert [column for column, row in ROWS.items() if row.kind.allows(object())] == []
