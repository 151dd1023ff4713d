"""Questions as markup: whole with scripts off, answered at once where the page's script runs (`page/static/training.js`).

A choice is a list of answers that open: the reason lies in each. Fields of other kinds are there, hidden, until a script answers them;
their right answers and all reasons stand folded under them.
"""

from __future__ import annotations

from collections.abc import Callable

from dimios_core.markup import Markup, attributes, join, markup
from dimios_core.report.narrative import Narrator
from dimios_core.training.kinds import Asked, Choice, Number, Order, Pair, Reflect, Sort

Say = Callable[..., str]
LETTERS = "ABCDEFGHIJ"


def write_question(asked: Asked, narrator: Narrator, number: int, place: str) -> Markup:
    """Write a question.

    Parameters
    ----------
    asked : Asked
    narrator : Narrator
    number : int
        Which question of the page it is, from 1.
    place : str
        Under which a browser keeps what is written: whose page, period and week it is.

    Returns
    -------
    Markup
        One element, which an id names.
    """
    say = narrator.say
    if isinstance(asked, Reflect):
        return _write_reflect(asked, say, place)
    body, about = _write_body(asked, narrator)
    kind = type(asked).__name__.lower()
    title = say("training.question", n=number)
    said = attributes(
        data_training=kind,
        data_right=say("training.right"),
        data_wrong=say("training.wrong"),
        data_empty=say("training.empty"),
        data_number=say("training.no_number"),
    )
    return markup(
        '<div class="question" id="q-{}"{}><h3>{}</h3><p class="ask">{}</p><p class="quiet">{}</p>{}</div>',
        asked.id,
        said,
        title,
        asked.ask,
        about,
        body,
    )


def _write_body(asked: Choice | Number | Sort | Order, narrator: Narrator) -> tuple[Markup, str]:
    """Return what is answered, and how."""
    match asked:
        case Choice():
            return _write_choice(asked, narrator.say), narrator.say("training.how.choice")
        case Number():
            return _write_number(asked, narrator), narrator.say("training.how.number")
        case Sort():
            return _write_sort(asked, narrator.say), narrator.say("training.how.sort")
        case Order():
            return _write_order(asked, narrator.say), narrator.say("training.how.order")


def _write_choice(asked: Choice, say: Say) -> Markup:
    answers = Markup()
    for letter, answer in zip(LETTERS, asked.answers, strict=False):
        mark = say("training.right" if answer.right else "training.wrong")
        answers += markup(
            '<li><details{}><summary><b>{}</b> {}</summary><p><b class="mark">{}</b> {}</p></details></li>',
            attributes(class_="right" if answer.right else "wrong"),
            f"{letter}.",
            answer.text,
            mark,
            answer.why,
        )
    return markup('<ul class="answers" role="list">{}</ul>', answers)


def _write_number(asked: Number, narrator: Narrator) -> Markup:
    say, number = narrator.say, narrator.number

    def tell(value: float, write: Callable[[float], str]) -> str:
        return write(value) if asked.within_tenths else number.count(int(value))

    mistakes = join(
        markup('<li data-mistake="{}"><b>{}</b>: {}</li>', _plain(value), tell(value, number.score), why)
        for value, why in asked.mistakes
    )
    told = markup(
        '<p data-why=""><b>{}</b> {}</p>',
        say("training.answer_is", answer=tell(asked.right, number.signed)),
        asked.why,
    )
    told += markup("<p>{}</p><ul>{}</ul>", say("training.mistakes"), mistakes) if mistakes else Markup()
    told += markup('<p data-hint="">{}</p>', asked.hint)
    label = markup(
        '<label for="q-{}-field">{}</label><input id="q-{}-field" inputmode="text" autocomplete="off" size="8">',
        asked.id,
        say("training.your_answer"),
        asked.id,
    )
    tried = attributes(data_answer=_plain(asked.right), data_within=str(asked.within_tenths))
    field = markup(
        '<div class="tried" hidden{}>{}<button type="button">{}</button><p role="status"></p></div>',
        tried,
        label,
        say("training.try"),
    )
    return field + _fold(say("training.show_answer"), told)


def _plain(value: float) -> str:
    """A number as a script reads it: published figures have one decimal."""
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def _write_sort(asked: Sort, say: Say) -> Markup:
    """Meanings as they are shown, each with a list of terms; which is whose, folded, in the order of the terms."""
    by_id = {pair.id: pair for pair in asked.pairs}
    options = [(pair.id, pair.name) for pair in asked.pairs]
    rows = join(
        _write_row(
            asked.id,
            n,
            by_id[i].text,
            i,
            options,
            say("training.which_term", letter=LETTERS[n - 1]),
            LETTERS[n - 1],
        )
        for n, i in enumerate(asked.shown, start=1)
    )
    letters = {i: LETTERS[n] for n, i in enumerate(asked.shown)}
    told = join(
        markup(
            '<li data-about="{}"><b>{}</b><span class="place"> ({})</span>: {}</li>',
            p.id,
            p.name,
            letters[p.id],
            f"{p.text} {p.why}",
        )
        for p in asked.pairs
    )
    return markup('<ol class="rows" role="list">{}</ol>', rows) + _fold(
        say("training.show_answers"), markup("<ul>{}</ul>", told)
    )


def _write_order(asked: Order, say: Say) -> Markup:
    """Steps as they are shown, each with a list of places; the right order, folded, with why."""
    by_id: dict[str, Pair] = {pair.id: pair for pair in asked.pairs}
    places = [(str(n), str(n)) for n, _ in enumerate(asked.pairs, start=1)]
    right = {pair.id: str(n) for n, pair in enumerate(asked.pairs, start=1)}
    rows = join(
        _write_row(
            asked.id,
            n,
            by_id[i].text,
            right[i],
            places,
            say("training.which_place", letter=LETTERS[n - 1]),
            LETTERS[n - 1],
            i,
        )
        for n, i in enumerate(asked.shown, start=1)
    )
    told = join(markup('<li data-about="{}"><b>{}</b> {}</li>', p.id, p.text, p.why) for p in asked.pairs)
    return markup('<ol class="rows" role="list">{}</ol>', rows) + _fold(
        say("training.show_order"), markup("<ol>{}</ol>", told)
    )


def _write_row(
    question: str,
    n: int,
    text: str,
    right: str,
    options: list[tuple[str, str]],
    label: str,
    letter: str,
    about: str = "",
) -> Markup:
    """Write a row with a list to choose from; what is told of the choice is told of `about`, or of what was chosen."""
    choose = join(markup('<option value="{}">{}</option>', value, name) for value, name in options)
    field = f"q-{question}-{n}"
    return markup(
        '<li{}><p><b>{}.</b> {}</p><div class="tried" hidden><label for="{}">{}</label>'
        '<select id="{}"><option value="">–</option>{}</select><p role="status"></p></div></li>',
        attributes(data_answer=right, data_about_row=about),
        letter,
        text,
        field,
        label,
        field,
        choose,
    )


def _write_reflect(asked: Reflect, say: Say, place: str) -> Markup:
    field = markup(
        '<textarea id="q-{}-field" rows="{}" data-kept="{}/{}"></textarea>',
        asked.id,
        asked.lines,
        place,
        asked.id,
    )
    return markup(
        '<div class="question reflect" id="q-{}" data-training="reflect"><label for="q-{}-field"><b>{}</b> {}</label>{}'
        '<p class="written" aria-hidden="true"></p></div>',
        asked.id,
        asked.id,
        say("training.reflect"),
        asked.ask,
        field,
    )


def _fold(title: str, html: Markup) -> Markup:
    return markup('<details class="key"><summary>{}</summary>{}</details>', title, html)
