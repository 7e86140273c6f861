"""The bot: conversations, screens, buttons, words, delivery."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # else PTB warns of the type it will give one day; we read both
