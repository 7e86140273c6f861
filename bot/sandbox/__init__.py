"""A local Telegram: a strict Bot API, people to talk to, and a page to do it on."""
