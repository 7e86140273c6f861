"""The bot's own web server; off unless TUTORBOT_WEB_PORT is set."""
