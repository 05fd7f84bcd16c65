"""The frame of help pages and of errors of usage in the language spoken, for the command line reader has only English.

Its words are translated where it hands them over: the headings and standing phrases of help on their way to
the page (`Formatter`), its errors by their kind. What it says in a way not known here stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from leumund.errors import UnknownNameError
from leumund.locale import N_, _

if TYPE_CHECKING:
    from typer._click import Command
    from typer._click import Context as AnyContext
    from typer._click.formatting import HelpFormatter
else:
    HelpFormatter = typer.Context.formatter_class

_HEADINGS = {"Options": N_("Options"), "Arguments": N_("Arguments"), "Commands": N_("Commands")}
_USAGE = {"[OPTIONS]": N_("[OPTIONS]"), "COMMAND [ARGS]...": N_("COMMAND [ARGS]...")}
_PHRASES = {
    "Show this message and exit.": N_("Show this help."),
    "Install completion for the current shell.": N_("Let this shell complete commands with the tab key."),
    "Show completion for the current shell, to copy it or customize the installation.": N_(
        "Show what that would add to the shell."
    ),
}
_PLACES = frozenset(
    {
        N_("ACCOUNT"), N_("ACCOUNTS"), N_("ADDRESS"), N_("AMOUNT"), N_("CHANNEL"), N_("CHECK"),
        N_("CONNECTION"), N_("CURVES"), N_("DATE"), N_("DAYS"), N_("DIR"), N_("EDGES"), N_("FILE"),
        N_("FOLDER"), N_("GROUP"), N_("HANDLE"), N_("HOURS"), N_("MEASURE"), N_("NAME"), N_("NETWORK"),
        N_("NOUN"), N_("NUMBER"), N_("PAGE"), N_("PATH"), N_("POST"), N_("POSTS"), N_("SERVER"), N_("TEXT"),
        N_("WORD"), N_("WORDS"),
    }
)  # fmt: skip
"""What stands for something the person is to write. Names of formats (CSV, TOML, URL) are the same everywhere."""
_PLACE = re.compile(r"\b[A-Z]{2,}\b")
_TYPE = re.compile(r" <(\w+)[^>]*>")
_EXTRA = re.compile(r"(?P<help>.*?)\s*\[(?:default: (?P<default>.*)|required)\]", re.DOTALL)
_SAID = (
    (re.compile(r"Option '(.*)' requires an argument\.?"), N_("{0} needs a value.")),
    (re.compile(r"Option '(.*)' does not take a value\.?"), N_("{0} takes no value.")),
    (re.compile(r"Got unexpected extra argument\(?s?\)? \((.*)\)", re.DOTALL), N_("That is more than can be used: {0}")),
    (re.compile(r"Missing command\.?"), N_("The command is missing.")),
)  # fmt: skip
_NO_NUMBER = re.compile(r"(?:Input should be|Unable to parse input).* integer")


class Formatter(HelpFormatter):
    """Lays out help as the command line reader does, with our words."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for theirs, ours in _USAGE.items():
            args = args.replace(theirs, _(ours))
        super().write_usage(prog, places(args), _("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(_(_HEADINGS[heading]) if heading in _HEADINGS else heading)

    def write_dl(self, rows: Sequence[tuple[str, str]], *widths: Any, **more: Any) -> None:
        said = [(places(_TYPE.sub(_type, name)), _helping(text)) for name, text in rows]
        super().write_dl(said, *widths, **more)


class Context(typer.Context):
    """What the command line reader knows while it reads; it writes help with our words."""

    formatter_class = Formatter


class Group(TyperGroup):
    """All commands; it and each of them speak our language."""

    context_class = Context

    def get_command(self, ctx: AnyContext, cmd_name: str) -> Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            found.context_class = Context
            for param in found.params:
                if param.param_type_name == "argument" and not param.metavar:
                    param.metavar = str(param.name).upper()
        return found

    def resolve_command(
        self, ctx: AnyContext, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """The command meant by the first word.

        Raises:
            UnknownNameError: there is none of that name.
        """
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise UnknownNameError(_("Command"), args[0], self.commands)
        return super().resolve_command(ctx, args)


def group(help: str | None = None) -> typer.Typer:  # noqa: A002  Typer's word
    """The commands of one noun."""
    return typer.Typer(
        cls=Group,
        no_args_is_help=True,
        rich_markup_mode=None,  # rich's help costs half a second of imports at every start
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help=help,
    )


def told(error: Any) -> Iterator[str]:
    """The lines that say what was asked wrongly, how it is asked, and where to read more."""
    context = getattr(error, "ctx", None)
    yield _sentence(error)
    if context is not None:
        yield from context.get_usage().splitlines()
        yield _("More about it: {command}").format(command=f"{context.command_path} --help")


def _sentence(error: Any) -> str:
    kind, said = type(error).__name__, str(error.format_message())
    param = getattr(error, "param", None)
    if kind == "MissingParameter" and param is not None:
        return _("{name} is missing.").format(name=_name(param))
    if kind == "NoSuchOption" and re.match(r"-\d", error.option_name):
        return _("Nothing below 0 can be entered here.")
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        told = _("There is no option {name}.").format(name=error.option_name)
        return told + (" " + _("Did you mean {name}?").format(name=near) if near else "")
    if kind == "BadParameter" and param is not None and _NO_NUMBER.match(error.message):
        return _("{name} must be a whole number.").format(name=_name(param))
    for pattern, ours in _SAID:
        if found := pattern.fullmatch(said):
            return _(ours).format(*found.groups())
    return said


def places(text: str) -> str:
    """The same with the words that stand for something the person is to write in her language: “NAME|PATH”."""
    return _PLACE.sub(lambda found: _(found[0]) if found[0] in _PLACES else found[0], text)


def _name(param: Any) -> str:
    """How a person writes an option or an argument."""
    return str(param.opts[0]) if param.param_type_name == "option" else places(str(param.display_name_raw))


def _type(found: re.Match[str]) -> str:
    """Behind the name of an option: that a number is wanted; all else the name and the help say."""
    return " " + _("NUMBER") if found[1] == "int" else ""


def _helping(text: str) -> str:
    """One line of help; the words that the command line reader adds are translated."""
    if text in _PHRASES:
        return _(_PHRASES[text])
    if found := _EXTRA.fullmatch(text):
        default = found["default"]
        extra = _("needed") if default is None else _("otherwise {value}").format(value=default)
        return f"{found['help']}  [{extra}]"
    return text
