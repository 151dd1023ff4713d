"""From questions of a file to questions on a page: right answers looked up, texts filled in, in the reader's language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import partial

from dimios_core.errors import InputError, Problem
from dimios_core.report.base_pages import OrganisationPage
from dimios_core.report.plain_words import tell_word
from dimios_core.report.texts import load_environment
from dimios_core.training.found import Values
from dimios_core.training.kinds import Answer, Asked, Choice, Number, Order, Pair, Reflect, Sort
from dimios_core.training.lookups import NAMES, NUMBERS, OUTCOMES
from dimios_core.training.questions import (
    ChoiceText,
    NameText,
    NumberText,
    OrderText,
    OutcomeText,
    Question,
    ReflectText,
    SortText,
    Text,
)

Fill = Callable[..., str]


def fill_in(page: OrganisationPage, text: Text, **values: object) -> str:
    """Return a text in the page's language, filled in; every one may name whom the page is about, and when."""
    always = {
        "subject": page.subject,
        "period": page.period,
        "threshold": page.facts.organisation["threshold"],
    }
    template = load_environment(page.language).from_string(text[page.language])
    return template.render({"narrator": page.narrator, **always, **values}).strip()


def ask(page: OrganisationPage, question: Question) -> Asked:
    """Return a question as the page's reader meets it.

    Raises
    ------
    InputError
        A term is not in the published glossary.
    """
    fill: Fill = partial(fill_in, page)
    match question:
        case ChoiceText():
            answers = [Answer(fill(o.text), o.right, fill(o.why)) for o in question.options]
            return Choice(question.id, fill(question.ask), tuple(answers))
        case OutcomeText():
            return _ask_outcome(page, question, fill)
        case NameText():
            return _ask_name(page, question, fill)
        case NumberText():
            return _ask_number(page, question, fill)
        case SortText():
            pairs = _list_terms(page, question)
            return Sort(question.id, fill(question.ask), pairs, shuffle(question.id, [p.id for p in pairs]))
        case OrderText():
            steps = tuple(Pair(s.id, "", fill(s.text), fill(s.why)) for s in question.steps)
            return Order(question.id, fill(question.ask), steps, shuffle(question.id, [s.id for s in steps]))
        case ReflectText():
            return Reflect(question.id, fill(question.ask), question.lines)


def shuffle(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Return ids in an order that is always the same, and not the one given.

    Examples
    --------
    >>> sorted(shuffle("a", ["x", "y", "z"])), shuffle("a", ["x", "y", "z"]) == ("x", "y", "z")
    (['x', 'y', 'z'], False)
    """
    given = tuple(ids)
    shown = tuple(sorted(given, key=lambda i: hashlib.sha256(f"{seed} {i}".encode()).digest()))
    return shown if shown != given else shown[::-1]


def _ask_outcome(page: OrganisationPage, question: OutcomeText, fill: Fill) -> Choice:
    lookup = OUTCOMES[question.lookup]
    found = lookup.find(page)
    words: Values = {name: found.values[name] for name in lookup.words}
    because = fill(question.because[found.outcome], **found.values)
    answers = [
        Answer(fill(o.text, **words), name == found.outcome, f"{fill(o.why, **words)} {because}")
        for name, o in question.options.items()
    ]
    return Choice(question.id, fill(question.ask, **words), tuple(answers))


def _ask_name(page: OrganisationPage, question: NameText, fill: Fill) -> Choice:
    found = NAMES[question.lookup].find(page)
    answers = [Answer(n.name, n.right, fill(question.reasons[n.state], **n.values)) for n in found]
    nothing = not any(a.right for a in answers)
    why = fill(question.nothing_right if nothing else question.nothing_wrong)
    answers.append(Answer(fill(question.nothing), nothing, why))
    return Choice(question.id, fill(question.ask), tuple(answers))


def _ask_number(page: OrganisationPage, question: NumberText, fill: Fill) -> Number:
    found = NUMBERS[question.lookup].find(page)
    values = {**found.values, "made_up": found.made_up}
    asked = question.example if found.made_up else question.ask
    number = Number(
        question.id, fill(asked, **values), found.right, question.within_tenths, fill(question.why, **values), (),
        fill(question.hint, **values),
    )  # fmt: skip
    wrong = {name: n for name, n in found.mistakes.items() if not number.accepts(n)}
    told = tuple((n, fill(question.mistakes[name], **values)) for name, n in wrong.items())
    return Number(number.id, number.ask, number.right, number.within_tenths, number.why, told, number.hint)


def _list_terms(page: OrganisationPage, question: SortText) -> tuple[Pair, ...]:
    """Terms with their meanings, the first sentence alone, and the rest of what the published glossary says of each."""
    terms = {t["id"]: t for t in page.results.glossary["terms"]}
    if missing := [t for t in question.terms if t not in terms]:
        what = f"the published glossary explains no {', '.join(missing)}"
        raise InputError(Problem(question.id, what, "run dimios score again, or take other terms"))
    tell = partial(tell_word, page.narrator)
    name = page.results.instrument.text
    told = {t: tell(terms[t], "text", "is_not").partition(". ") for t in question.terms}
    return tuple(
        Pair(t, name(terms[t]["name"], page.language), f"{meaning}{end}".strip(), more)
        for t, (meaning, end, more) in told.items()
    )
