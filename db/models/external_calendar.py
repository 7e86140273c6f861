"""A feed: a calendar kept elsewhere whose events block a tutor's times."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from db.base import Base, Id, UtcDateTime


class ExternalCalendar(Base):
    """
    Followed at `address`; a file that was sent has none. `content` is the last good copy: recurring events are expanded
    from it as time goes on. `etag` and `last_modified` are the server's for that copy.
    """

    __tablename__ = "external_calendar"
    __table_args__ = (Index("ix_external_calendar_next_sync_at", "next_sync_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(2000))
    etag: Mapped[str | None] = mapped_column(String(200))
    last_modified: Mapped[str | None] = mapped_column(String(100))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    events: Mapped[int] = mapped_column(default=0)
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_sync_at: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
