"""The command line. `tutorbot start` is all that a newcomer needs."""

import gc
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import typer

from bot.settings import Settings, SettingsError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A tutor's booking desk inside Telegram.",
)


@app.command()
def start() -> None:
    """Start the bot; without TELEGRAM_BOT_TOKEN in a sandbox, a page with two chats."""
    settings = _settings()
    if settings.is_sandboxed:
        _carry_out("sandboxed", "run_sandboxed", settings)
    else:
        _carry_out("start", "run", settings)


@app.command()
def run() -> None:
    """Start the bot alone: needs TELEGRAM_BOT_TOKEN, or TUTORBOT_API_URL of a sandbox on this machine."""
    _carry_out("start", "run", _settings())


@app.command()
def sandbox() -> None:
    """Start the sandbox alone."""
    _carry_out("sandboxed", "run_sandbox", _settings())


@app.command()
def migrate() -> None:
    """Migrate the database to the newest version."""
    _carry_out("start", "migrate", _settings())


@app.command()
def send_reminders(
    limit: int = typer.Option(100, min=1, help="How many messages at most."),
    retry_failed: bool = typer.Option(False, "--retry-failed", help="First put back what failed and is still in time."),
) -> None:
    """Make one delivery pass; may run beside the bot. Exits with 1 if something failed or has to wait."""
    _carry_out("operating", "send_reminders", _settings(), limit=limit, retry_failed=retry_failed)


@app.command()
def jobs() -> None:
    """List the background jobs: last run, result, what is due. Exits with 1 if one is late or failed."""
    _carry_out("operating", "jobs", _settings())


@app.command()
def doctor() -> None:
    """Check everything the bot needs: each line is ok, or !! with what to do. Exits with 1 if one is not ok."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        _tell(f"!! settings: {' '.join(str(error).split())} -> correct it in the environment or in .env")
        raise typer.Exit(1) from None
    _carry_out("doctor", "doctor", settings)


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        _give_up(error)


def _carry_out(module: str, action: str, settings: Settings, **options: Any) -> None:
    gc.disable()
    # Imported here because it takes a second, and --help or a wrong setting doesn't need it
    from importlib import import_module

    from bot.run import logs, opening, signals

    act: Callable[..., Coroutine[Any, Any, bool | None]] = getattr(import_module(f"bot.run.{module}"), action)
    gc.freeze()  # imported modules are never garbage: don't scan them
    gc.enable()
    logs.set_up(settings.log_level, token=settings.token.get_secret_value() if settings.token else "")
    try:
        is_well = signals.until_signal(act(settings, _tell, **options))
    except opening.StartError as error:
        _give_up(error)
    if is_well is False:
        raise typer.Exit(1)


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


if __name__ == "__main__":
    main()
