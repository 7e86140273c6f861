"""What the bot serves over HTTP itself; off unless TUTORBOT_WEB_PORT is set."""
