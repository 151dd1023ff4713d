"""The pages of the form: what those who answer see, whole without a script."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from dimios_core.collect.box import Entered, Standing
from dimios_core.collect.form import DONT_KNOW, TEXT_LIMIT, TITLE_LIMIT, Part, Question
from dimios_core.collect.frame import (
    NOTHING,
    Sheet,
    write_buttons,
    write_contact,
    write_form_element,
    write_languages,
    write_page,
)
from dimios_core.markup import Markup, attributes, join, markup

#: how long a statement takes to read and answer
SECONDS_A_QUESTION = 20
#: what a page sends for "don't know", as often as makes it as long as a number
UNSURE = "x"
#: what buttons send
NEXT, BACK, SKIP = "next", "back", "skip"
#: a scale of so many answers stands in a row where there is room
ROW_CHOICES_MAX = 5


def name_field(question: str) -> str:
    """Return the name of a statement's field."""
    return f"q-{question}"


def list_values(question: Question) -> dict[str, float | str]:
    """Return what a statement's field may send, and the answer it stands for: all of one length, as requests are of one size then.

    Examples
    --------
    >>> from dimios_core.collect.form import Choice
    >>> choices = [Choice(value=9), Choice(value=10)]
    >>> list_values(Question(id="a", statement={}, choices=choices, dont_know={}))
    {'09': 9.0, '10': 10.0, 'xx': 'dont_know'}
    """
    width = max(len(f"{choice.value:g}") for choice in question.choices)
    values: dict[str, float | str] = {f"{c.value:0{width}g}": c.value for c in question.choices}
    return values if question.dont_know is None else values | {UNSURE * width: DONT_KNOW}


def write_welcome(sheet: Sheet, token: str, state: Standing) -> str:
    """Write the page that a link opens: what the survey is, what becomes of the answers, and the way in."""
    form, tell = sheet.form, sheet.say
    minutes = math.ceil(len(form.questions) * SECONDS_A_QUESTION / 60)
    paragraphs = [
        tell("welcome.purpose"),
        tell("welcome.time", n=minutes),
        tell("welcome.voluntary"),
        tell(f"welcome.{form.mode}"),
        tell("welcome.limit"),
        tell("welcome.until", day=sheet.day(form.closes)),
    ]
    begin = {"waiting": "begin", "begun": "go_on"}.get(state, "again")
    content = markup(
        '<input type="hidden" name="token" value="{}"><input type="hidden" name="language" value="{}">{}{}{}',
        token,
        sheet.language,
        join(markup("<p>{}</p>", text) for text in paragraphs),
        write_buttons([(NEXT, tell(f"welcome.{begin}"), "first")]),
        write_languages(sheet, formaction=sheet.address("valkommen")),
    )
    foot = [tell("welcome.responsible", who=form.responsible, basis=sheet.text(form.legal_basis)).strip()]
    foot += [tell("welcome.kept", day=sheet.day(form.kept_until))] if form.kept_until else []
    told = join(markup("<p>{}</p>", text) for text in foot)
    return write_page(
        sheet,
        tell("welcome.greeting"),
        write_form_element(sheet, "borja", content),
        foot=told + write_contact(sheet),
    )


def write_role(sheet: Sheet, chosen: str) -> str:
    """Write the page on which somebody confirms her role."""
    choices = [(role, sheet.text(name)) for role, name in list(sheet.form.roles.items())[:-1]]
    choices.append((list(sheet.form.roles)[-1], sheet.say("role.other")))
    rows = join(_write_radio("role", value, label, value == chosen) for value, label in choices)
    heading = sheet.say("role.heading")
    content = markup(
        '<p class="lead">{}</p><fieldset><legend class="unseen">{}</legend><div class="choices">{}</div></fieldset>{}{}',
        sheet.say("role.why"),
        heading,
        rows,
        write_buttons([(NEXT, sheet.say("part.next"), "first")]),
        write_languages(sheet),
    )
    return write_page(sheet, heading, write_form_element(sheet, "roll", content))


def write_part(sheet: Sheet, part: Part, entered: Entered) -> str:
    """Write a page of statements."""
    at = sheet.form.parts.index(part) + 1
    about = sheet.text(part.about)
    content = markup(
        "{}{}{}",
        join(_write_question(sheet, q, entered.answers.get(q.id)) for q in part.questions),
        write_buttons(
            [
                (NEXT, sheet.say("part.next"), "first"),
                *([(BACK, sheet.say("part.back"), "")] if at > 1 else []),
            ]
        ),
        write_languages(sheet),
    )
    return write_page(
        sheet,
        sheet.text(part.name),
        markup(
            "{}{}",
            markup('<p class="lead">{}</p>', about) if about else NOTHING,
            write_form_element(sheet, f"del/{at}", content),
        ),
        at=at,
        foot=markup("<p>{}</p>{}", sheet.say("part.saved"), write_contact(sheet)),
    )


def _write_question(sheet: Sheet, question: Question, answer: float | str | None) -> Markup:
    field = name_field(question.id)
    named = all(sheet.text(choice.label) for choice in question.choices)
    labels = [
        sheet.text(choice.label) if named else f"{choice.value:g} {sheet.text(choice.label)}".strip()
        for choice in question.choices
    ]
    if question.dont_know is not None:
        labels.append(sheet.text(question.dont_know))
    rows = [
        _write_radio(field, sent, label, answer == value, "unsure" if value == DONT_KNOW else "")
        for (sent, value), label in zip(list_values(question).items(), labels, strict=True)
    ]
    style = "choices even" if len(question.choices) <= ROW_CHOICES_MAX else "choices"
    return markup(
        '<fieldset><legend>{}</legend><div class="{}">{}</div>{}</fieldset>',
        sheet.text(question.statement),
        style,
        join(rows),
        _write_help(sheet, question),
    )


def _write_radio(field: str, value: str, label: str, chosen: bool, style: str = "") -> Markup:
    return markup(
        '<label{}><input type="radio" name="{}" value="{}"{}> {}</label>',
        attributes(class_=style),
        field,
        value,
        attributes(checked=chosen),
        label,
    )


def _write_help(sheet: Sheet, question: Question) -> Markup:
    about, example = sheet.text(question.about), sheet.text(question.example)
    if not about:
        return NOTHING
    told = markup("<p><b>{}</b> {}</p>", sheet.say("part.example"), example) if example else NOTHING
    return markup("<details><summary>{}</summary><p>{}</p>{}</details>", sheet.say("part.help"), about, told)


def write_initiative(sheet: Sheet, given: Mapping[str, str], faults: Collection[str], example: str) -> str:
    """Write the page on which one initiative may be told.

    Parameters
    ----------
    given : dict of str
        What stands in its fields.
    faults : collection of str
        Fields that are to be mended.
    example : str
        A month, YYYY-MM.
    """
    form, values = sheet.form, {"example": example}
    limits = {"title": TITLE_LIMIT, "what": TEXT_LIMIT}

    def field(name: str, control: Markup) -> Markup:
        fault = NOTHING
        if name in faults:
            told = sheet.say(f"initiative.faults.{name}", n=limits.get(name, 0), **values)
            fault = markup('<span class="fault" id="{}">{}</span>', f"fault-{name}", told)
        label = sheet.say(f"initiative.{name}", **values)
        return markup('<div class="field"><label for="{}">{}</label>{}{}</div>', name, label, control, fault)

    def marked(name: str, **more: str | int) -> str:
        wrong = name in faults
        described = f"fault-{name}" if wrong else ""
        return attributes(
            id=name, name=name, aria_invalid="true" if wrong else "", aria_describedby=described, **more
        )

    def choose(name: str, choices: Mapping[str, dict[str, str]]) -> Markup:
        options = join(
            markup(
                '<option value="{}"{}>{}</option>',
                key,
                attributes(selected=given.get(name) == key),
                sheet.text(words),
            )
            for key, words in choices.items()
        )
        told = sheet.say("initiative.choose")
        return markup('<select{}><option value="">{}</option>{}</select>', marked(name), told, options)

    fields = (
        field("title", markup("<input{}>", marked("title", maxlength=TITLE_LIMIT, value=given.get("title", "")))),
        field("what", markup("<textarea{}>{}</textarea>", marked("what", rows=5, maxlength=TEXT_LIMIT), given.get("what", ""))),
        field("point", choose("point", form.points)),
        field("kind", choose("kind", form.kinds)),
        field("start", markup("<input{}>", marked("start", class_="short", maxlength=7, value=given.get("start", "")))),
    )  # fmt: skip
    content = markup(
        '<div class="box">{}</div>{}{}',
        join(fields),
        write_buttons(
            [(NEXT, sheet.say("initiative.next"), "first"), (SKIP, sheet.say("initiative.skip"), ""), (BACK, sheet.say("part.back"), "")]
        ),
        write_languages(sheet),
    )  # fmt: skip
    warning = (
        markup('<p class="warn" role="alert">{}</p>', sheet.say("initiative.mend")) if faults else NOTHING
    )
    opening = markup('<p class="lead">{}</p>{}', sheet.say("initiative.why"), warning)
    return write_page(
        sheet, sheet.say("initiative.heading"), opening + write_form_element(sheet, "forslag", content)
    )


def write_send(sheet: Sheet, entered: Entered) -> str:
    """Write the page before the end: how much is answered of each part, and the button that sends it in."""
    rows = []
    for at, part in enumerate(sheet.form.parts, 1):
        done = sum(q.id in entered.answers for q in part.questions)
        name = sheet.text(part.name)
        rows.append(
            markup(
                '<li><b>{}</b><span>{}</span><a href="{}">{}<span class="unseen"> {}</span></a></li>',
                name,
                sheet.say("send.answered", n=done, of=len(part.questions)),
                sheet.address(f"del/{at}"),
                sheet.say("send.mend"),
                name,
            )
        )
    listed = markup('<div class="box"><ul class="parts">{}</ul></div>', join(rows))
    if not entered.answers:
        content = listed + markup('<p class="warn">{}</p>', sheet.say("send.none"))
        buttons = [(BACK, sheet.say("part.back"), "")]
    else:
        told = sheet.say(f"send.{sheet.form.mode}", day=sheet.day(sheet.form.closes))
        content = listed + markup("<p>{}</p>", told)
        buttons = [(NEXT, sheet.say("send.send"), "first"), (BACK, sheet.say("part.back"), "")]
    content += write_buttons(buttons) + write_languages(sheet)
    return write_page(sheet, sheet.say("send.heading"), write_form_element(sheet, "skicka", content))


def write_done(sheet: Sheet) -> str:
    """Write the page after the end; in the confidential mode with the ways to change and to withdraw."""
    told = sheet.say(f"done.{sheet.form.mode}", day=sheet.day(sheet.form.closes))
    content = markup("<p>{}</p>", told)
    if not sheet.form.is_anonymous:
        ways = markup(
            '<div class="go"><a class="button" href="{}">{}</a><a class="button" href="{}">{}</a></div>',
            sheet.address("del/1"),
            sheet.say("done.mend"),
            sheet.address("ta-tillbaka"),
            sheet.say("done.withdraw"),
        )
        leave = write_buttons([(NEXT, sheet.say("done.leave"), "first")])
        content += ways + write_form_element(sheet, "avsluta", leave)
    return write_page(sheet, sheet.say("done.heading"), content, foot=write_contact(sheet))


def write_withdraw(sheet: Sheet) -> str:
    """Write the page that asks before everything is taken back."""
    buttons = write_buttons(
        [(BACK, sheet.say("withdraw.keep"), "first"), (NEXT, sheet.say("withdraw.take"), "")]
    )
    content = markup("<p>{}</p>{}", sheet.say("withdraw.why"), buttons)
    return write_page(sheet, sheet.say("withdraw.heading"), write_form_element(sheet, "ta-tillbaka", content))
