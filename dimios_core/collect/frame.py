"""What stands around every page of the form, and pieces that several pages have."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from babel.dates import format_date

from dimios_core.collect.form import Form
from dimios_core.languages import formats_of, load_texts, say, usable_languages
from dimios_core.markup import Markup, attributes, join, load_template, markup, trust

if TYPE_CHECKING:
    import jinja2

#: fields of forms: the button that was pressed, and what tells a page of another session
GO, CHECK = "go", "check"
#: how a button begins that saves and goes on in another language
TO_LANGUAGE = "language-"
NOTHING = Markup()


@dataclass(frozen=True)
class Sheet:
    """What a page is made for.

    Attributes
    ----------
    form : Form
    language : str
    xsrf : Markup
        The hidden field by which the server knows its own pages.
    check : str
        What tells the session's pages from those of another; "" where there is none.
    """

    form: Form
    language: str
    xsrf: Markup = NOTHING
    check: str = ""

    def say(self, path: str, **values: object) -> str:
        """Return a text of the form's pages."""
        return say(self.language, f"collect.{path}", name=self.form.name, **values)

    def text(self, words: dict[str, str]) -> str:
        """Return words of the form in this language; in the first one where they lack it, "" where there are none."""
        return words.get(self.language) or words.get(self.form.languages[0], "")

    def day(self, day: date) -> str:
        """Return a day in words."""
        return format_date(day, "d MMMM y", locale=formats_of(self.language).code)

    def address(self, page: str) -> str:
        """Return the address of a page of this survey."""
        return f"/{self.form.id}/{page}"

    def fields(self) -> Markup:
        """Return what every form carries unseen."""
        check = markup('<input type="hidden" name="check" value="{}">', self.check) if self.check else NOTHING
        return self.xsrf + check


@functools.cache
def read_style() -> str:
    """Return the style of all pages."""
    return _read("form.css")


@functools.cache
def _load_frame() -> jinja2.Template:
    return load_template(_read("form.html.j2"))


def _read(name: str) -> str:
    return (files("dimios_core.collect") / "static" / name).read_text(encoding="utf-8")


@functools.cache
def content_security_policy() -> str:
    """Return what pages may do: have their own style, and send forms here. No script runs, and nothing is loaded."""
    style = base64.b64encode(hashlib.sha256(read_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def write_page(sheet: Sheet, heading: str, content: Markup, *, at: int = 0, foot: Markup = NOTHING) -> str:
    """Write a page: heading, content, and how far it is; `at` is the number of its part, 0 for none."""
    form = sheet.form
    progress = NOTHING
    if at:
        told = sheet.say("progress", n=at, of=len(form.parts))
        progress = markup(
            '<p>{}</p><progress value="{}" max="{}" aria-hidden="true"></progress>', told, at, len(form.parts)
        )
    return _load_frame().render(
        language=sheet.language,
        title=f"{heading} · {form.name}",
        style=trust(read_style()),
        skip=say(sheet.language, "frame.skip"),
        who=form.name,
        survey=sheet.text(form.title),
        label=sheet.text(form.label),
        progress=progress,
        content=markup("<h1>{}</h1>{}", heading, content),
        foot=foot,
    )


def write_shut(kind: str, form: Form | None, language: str, **values: object) -> str:
    """Write a page that says why there is nothing to fill in; where no survey is meant, in every language there is."""
    languages = [language] if form else list(usable_languages())
    heading = say(languages[0], f"collect.shut.{kind}.heading")
    texts = join(
        markup("<p{}>{}</p>", attributes(lang=code), say(code, f"collect.shut.{kind}.text", **values))
        for code in languages
    )
    if form is not None:
        sheet = Sheet(form, language)
        return write_page(sheet, heading, texts, foot=write_contact(sheet))
    return _load_frame().render(
        language=languages[0], title=heading, style=trust(read_style()), skip=say(languages[0], "frame.skip"),
        who=say(languages[0], "collect.site"), survey="", label="", progress=NOTHING,
        content=markup("<h1>{}</h1>{}", heading, texts), foot=NOTHING,
    )  # fmt: skip


def write_contact(sheet: Sheet) -> Markup:
    """Write whom to ask."""
    who = [entry for entry in sheet.form.contact if entry]
    return markup("<p>{}</p>", sheet.say("welcome.contact", who=", ".join(who))) if who else NOTHING


def write_buttons(buttons: Iterable[tuple[str, str, str]]) -> Markup:
    """Write buttons of (value, label, class); the first is what the Enter key presses."""
    return markup(
        '<div class="go">{}</div>',
        join(
            markup('<button name="go" value="{}"{}>{}</button>', value, attributes(class_=style), label)
            for value, label, style in buttons
        ),
    )


def write_languages(sheet: Sheet, **sends: str) -> Markup:
    """Write a button for every other language of the form; it saves what stands in the form around it."""
    others = [code for code in sheet.form.languages if code != sheet.language]
    if not others:
        return NOTHING
    buttons = join(
        markup(
            '<button class="plain" name="go" value="{}"{}>{}</button>',
            f"{TO_LANGUAGE}{code}",
            attributes(lang=code, **sends),
            load_texts(code)["language"]["name"],
        )
        for code in others
    )
    return markup('<div class="languages">{}</div>', buttons)


def write_form_element(sheet: Sheet, page: str, content: Markup) -> Markup:
    """Write a form that is sent to a page of the survey."""
    return markup(
        '<form method="post" action="{}" autocomplete="off">{}{}</form>',
        sheet.address(page),
        sheet.fields(),
        content,
    )
