"""One row of the fault table: what was done, the result, and the broken promises."""

from dataclasses import dataclass, field

NARROW = 38


@dataclass
class Row:
    """`against` names every broken promise; a row is good without any."""

    name: str
    figures: dict[str, object] = field(default_factory=dict)
    against: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.against

    def demand(self, promise: str, kept: bool) -> None:
        if not kept:
            self.against.append(promise)

    def __str__(self) -> str:
        found = ", ".join(f"{_shown(figure)} {name}" for name, figure in self.figures.items())
        broken = "".join(f"\n    {each}" for each in self.against[:MOST_TOLD])
        return f"{'good' if self.is_good else 'FAULT':<6}{self.name:<{NARROW}}{found}{broken}"


MOST_TOLD = 10


def _shown(figure: object) -> str:
    return f"{figure:.3g}" if isinstance(figure, float) else str(figure)
