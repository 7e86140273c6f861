"""The command line: `tutorbot start` is all a newcomer needs."""

import sys
from typing import Literal, NoReturn

import typer

from bot.settings import Settings, SettingsError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A tutor's booking desk inside Telegram.",
)

Action = Literal["run", "run_sandboxed", "run_sandbox", "migrate"]


@app.command()
def start() -> None:
    """Start the bot; without TELEGRAM_BOT_TOKEN in a sandbox, a page with two chats."""
    settings = _settings()
    _carry_out("run_sandboxed" if settings.is_sandboxed else "run", settings)


@app.command()
def run() -> None:
    """Start the bot alone: needs TELEGRAM_BOT_TOKEN, or TUTORBOT_API_URL of a sandbox on this machine."""
    _carry_out("run", _settings())


@app.command()
def sandbox() -> None:
    """Start the sandbox alone."""
    _carry_out("run_sandbox", _settings())


@app.command()
def migrate() -> None:
    """Bring the database to its newest form."""
    _carry_out("migrate", _settings())


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        _give_up(error)


def _carry_out(action: Action, settings: Settings) -> None:
    # Here and not above: what a bot needs takes a second to import, and --help and a wrong setting need none of it
    from bot import logs, running

    actions = {
        "run": running.run,
        "run_sandboxed": running.run_sandboxed,
        "run_sandbox": running.run_sandbox,
        "migrate": running.migrate,
    }
    logs.set_up(settings.log_level, token=settings.token.get_secret_value() if settings.token else "")
    try:
        running.until_signal(actions[action](settings, _tell))
    except running.StartError as error:
        _give_up(error)


def _tell(words: str) -> None:
    print(words, flush=True)


def _give_up(error: Exception) -> NoReturn:
    print("tutorbot:", " ".join(str(error).split()), file=sys.stderr)
    raise typer.Exit(1)


def main() -> None:
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
