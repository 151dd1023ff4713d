"""From a plan to a bundle: what a form says, who may answer, and the links for letters."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dimios_core.collect.box import Box
from dimios_core.collect.bundle import Asked, make_bundle
from dimios_core.collect.form import Choice, Form, Part, Question, survey_id
from dimios_core.collect.keys import make_key
from dimios_core.collect.opening import check_extra
from dimios_core.collect.tokens import SECRET_BYTES, make_link, make_token
from dimios_core.errors import InputError, Problem
from dimios_core.formulas import defuse
from dimios_core.instrument import UNKNOWN_ROLE, Instrument, Item, load_instrument
from dimios_core.languages import check_language, load_texts, say
from dimios_core.listening import is_loopback
from dimios_core.places import parameters_dir
from dimios_core.project.storing import DEMO_MARK, find_key
from dimios_core.project.summaries import OpenSummary
from dimios_core.published.schema import name_codes
from dimios_core.replacing import replacing, write_whole
from dimios_core.responses import Register, ResponseStore
from dimios_core.responses.identities import Identities
from dimios_core.responses.mapping import RespondentSource
from dimios_core.responses.pseudonyms import key_mark
from dimios_core.results.evidence.glossary import read_glossary
from dimios_core.survey import Invited, Survey, freeze, read_sample, read_survey, survey_folder
from dimios_core.survey.checking import check_survey

#: scheme and host alone, with or without a port
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?/?",
    re.IGNORECASE,
)
#: what links are made with, and the list of them, in the survey's own folder
SECRET, LINKS = "links.secret", "links.csv"
#: the list of those who are to be reminded
WAITING = "links-waiting.csv"
#: where the bundle was made: a survey opens once, also when that was moved to where it is served
OPENED = "opened.txt"
#: cards with links, of a language
CARDS = "cards-{}.pdf"
COLUMNS = ("name", "email", "card", "unit", "role", "language", "link")


def open_survey(
    outputs: Path, bundles: Path, keys: Path, organisation: str, period: str, address: str, key_file: Path | str | None
) -> OpenSummary:  # fmt: skip
    """Open a survey: see `Collecting.open`. The bundle comes last: without it, opening again goes on where it was stopped."""
    folder = survey_folder(outputs, organisation, period)
    survey, sample = read_survey(folder), read_sample(folder)
    store = ResponseStore(outputs)
    instrument, register = load_instrument(survey.instrument), store.register()
    form_id = survey_id(organisation, period)
    bundle = bundles / form_id
    problems = [
        *check_address(address),
        *(finding.problem for finding in check_survey(folder) if finding.must),
        *_check_survey(survey, instrument),
        *_check_sample(sample, survey, instrument, register),
    ]
    if bundle.exists() or (folder / OPENED).exists():
        what, remedy = "the survey is open already, or was", "ask how far it is: dimios collect status"
        if not bundle.exists():
            remedy = f"name the folder where its bundle is: --bundles; is it lost for good, delete {folder / OPENED}, and open it again"
        problems.append(Problem(str(bundle), what, remedy))
    if problems:
        raise InputError(problems)
    key, new_key = (None, None) if survey.mode == "anonymous" else find_key(key_file, outputs)
    identities = None
    if key is not None:
        same = RespondentSource(column="person_id")
        identities = Identities(same, key, lambda _: store.known(organisation))
    freeze(folder)
    _make_secret(folder / SECRET)
    asked = pair_tokens(folder, form_id, sample)
    form = make_form(
        survey, instrument, name_organisation(register, organisation), (outputs / DEMO_MARK).is_file(), key
    )
    write_whole(folder / LINKS, write_links(asked, form_id, address), private=True)
    if form.is_anonymous and not (keys / f"{form_id}.key").exists():
        make_key(keys, form_id, apart_from=(outputs, bundles))
    bundles.mkdir(parents=True, exist_ok=True)
    make_bundle(bundle, form, _ask(asked, organisation, identities))
    write_whole(folder / OPENED, f"{bundle.absolute()}\n", private=True)
    cards_n = sum(person.card for person in sample)
    return OpenSummary(
        organisation, period, survey.mode, bundle, folder / LINKS, len(sample), cards_n, form.opens, form.closes, new_key
    )  # fmt: skip


def write_waiting(outputs: Path, box: Box, address: str) -> tuple[Path, int]:
    """Write the list of links of those who have neither sent in nor withdrawn: see `Collecting.write_waiting`."""
    form = box.form
    folder = survey_folder(outputs, form.organisation, form.period)
    if problems := [*check_address(address)]:
        raise InputError(problems)
    waiting = []
    for person, token in pair_tokens(folder, form.id, read_sample(folder)):
        found = box.find_link(token)
        if found is not None and found.state in ("waiting", "begun"):
            waiting.append((person, token))
    write_whole(folder / WAITING, write_links(waiting, form.id, address), private=True)
    return folder / WAITING, len(waiting)


def check_address(address: str) -> Iterator[Problem]:
    """Tell what is wrong with an address that respondents are to open: links may not travel without TLS."""
    if not _is_safe(address):
        remedy = "give scheme and host alone, with TLS, such as https://svar.example.se"
        yield Problem("--address", f"respondents cannot safely open {address!r}", remedy)


def _is_safe(address: str) -> bool:
    match = ADDRESS.fullmatch(address)
    return match is not None and (match["scheme"] == "https" or is_loopback(match["host"].strip("[]")))


def _check_survey(survey: Survey, instrument: Instrument) -> Iterator[Problem]:
    for language in survey.languages:
        yield from check_language(language, instrument.languages, "languages of the survey")
    if survey.mode == "anonymous" and survey.confirm_role:
        what = "in the anonymous mode nobody's own role is kept: it is that of the list"
        yield Problem("confirm_role", what, "write confirm_role: false")
    if survey.mode == "anonymous":
        yield from check_extra()
    if not survey.responsible:
        yield Problem("responsible", "the form has to say who is responsible for the data", "fill it in")
    if not (survey.contact.email or survey.contact.phone):
        yield Problem("contact", "the form has to say whom to ask", "give an email or a phone")


def _check_sample(
    sample: tuple[Invited, ...], survey: Survey, instrument: Instrument, register: Register
) -> Iterator[Problem]:
    if not sample:
        yield Problem("sample.csv", "nobody is invited", "draw the sample again: dimios survey sample")
    known = register.organisations["id"].tolist()
    if survey.organisation not in known:
        remedy = "register it: dimios register --organisations FILE"
        yield Problem("organisation", f"{survey.organisation} is not in the register", remedy)
    units = register.units[register.units["organisation"] == survey.organisation]["unit"].tolist()
    for unit in sorted({person.unit for person in sample} - {"", *units}):
        what = f"the unit {unit} is not in the register"
        yield Problem(
            "sample.csv", what, "register it: dimios register --units FILE; or draw the sample again"
        )
    for role in sorted({person.role for person in sample} - set(instrument.role_ids)):
        what = f"the model has no role {role}"
        yield Problem("sample.csv", what, "mend the roles of the list, and draw the sample again")
    doubles = [person_id for person_id, n in Counter(p.person_id for p in sample).items() if n > 1]
    if doubles:
        what = f"{len(doubles)} people are in the sample more than once"
        yield Problem("sample.csv", what, "draw the sample again: dimios survey sample")


def _make_secret(path: Path) -> None:
    """Make what links are made with, once."""
    if not path.exists():
        with replacing(path, private=True, is_new=True) as file:
            file.write(secrets.token_bytes(SECRET_BYTES))


def _read_secret(folder: Path) -> bytes:
    path = folder / SECRET
    secret = path.read_bytes() if path.is_file() else b""
    if len(secret) != SECRET_BYTES:
        what = "what the survey's links are made with is not there, or damaged"
        raise InputError(Problem(str(path), what, "is the survey open? then take the file from a backup"))
    return secret


def forget_links(outputs: Path, organisation: str, period: str) -> None:
    """Delete the lists and cards of a survey that is closed: links, and beside names who had answered."""
    folder = survey_folder(outputs, organisation, period)
    for path in (folder / LINKS, folder / WAITING, folder / SECRET, *folder.glob(CARDS.format("*"))):
        path.unlink(missing_ok=True)


def pair_tokens(folder: Path, survey: str, sample: tuple[Invited, ...]) -> list[tuple[Invited, str]]:
    """Return everybody of a sample, in its order, with what her link carries: the same whenever it is made.

    Raises
    ------
    InputError
        What links are made with is not there, or damaged: links of it would be nobody's, or could be guessed.
    """
    secret = _read_secret(folder)
    return [(person, make_token(secret, survey, person.person_id)) for person in sample]


def name_organisation(register: Register, organisation: str) -> str:
    """Return what an organisation is called."""
    people = register.organisations
    return str(people.loc[people["id"] == organisation, "name"].iloc[0])


def _ask(
    asked: list[tuple[Invited, str]], organisation: str, identities: Identities | None
) -> Iterator[Asked]:
    """Yield who may answer, each under the pseudonym that an export with her person-id would be stored under."""
    for person, token in asked:
        known = None
        if identities is not None:
            named = identities.name(person.person_id)
            known = f"{identities.pseudonym(organisation, person.person_id, named):016x}"
        yield Asked(token, person.unit, person.role, person.stratum, person.weight, person.language, known)


def write_links(asked: list[tuple[Invited, str]], survey: str, address: str) -> bytes:
    """Return the list for one's own mail merge: UTF-8 with a mark for spreadsheets, a row a person."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for person, token in asked:
        told = (person.name, person.email or "", "yes" if person.card else "no", person.unit, person.role)
        writer.writerow((*map(defuse, told), person.language, make_link(address, survey, token)))
    return text.getvalue().encode("utf-8-sig")


def make_form(survey: Survey, instrument: Instrument, name: str, is_demo: bool, key: bytes | None) -> Form:
    """Return what the form says: the model's statements a category a page, with its points in plain words; `key` is that of pseudonyms."""
    languages = list(survey.languages)
    words = read_glossary(parameters_dir() / "glossary.yaml", instrument)["points"]
    parts = []
    for category in instrument.categories:
        questions = [
            _make_question(item, instrument, words.get(point.id, {}), point.definition, languages)
            for point in instrument.points_of(category.id)
            for item in point.items
        ]
        parts.append(Part(id=category.id, name=category.name, about=category.definition, questions=questions))
    roles = {role.id: role.name for role in instrument.roles}
    roles[UNKNOWN_ROLE] = {code: say(code, "collect.role.other") for code in languages}
    kinds = {code: name_codes("action_kind", code) for code in languages}
    contact = [survey.contact.name, survey.contact.email, survey.contact.phone]
    return Form(
        id=survey_id(survey.organisation, survey.period),
        organisation=survey.organisation,
        period=survey.period,
        name=name,
        title=instrument.name,
        mode=survey.mode,
        opens=survey.opens,
        closes=survey.closes,
        languages=languages,
        responsible=survey.responsible,
        contact=[entry for entry in contact if entry],
        kept_until=survey.kept_until,
        legal_basis=survey.legal_basis,
        parts=parts,
        roles=roles if survey.confirm_role else {},
        points={point.id: point.name for point in instrument.points},
        kinds={kind: {code: kinds[code][kind] for code in languages} for kind in kinds[languages[0]]},
        label={code: load_texts(code)["index"]["demo"] for code in languages} if is_demo else {},
        key_mark="" if key is None else key_mark(key),
    )


def _make_question(
    item: Item, instrument: Instrument, word: Any, definition: dict[str, str], languages: list[str]
) -> Question:
    scale = instrument.scale_of_item(item.id)
    values = [scale.lowest + n * scale.step for n in range(scale.answer_categories_n)]
    told = (
        {code: f"{word['text'][code]} {word['is_not'][code]}" for code in languages} if word else definition
    )
    return Question(
        id=item.id,
        statement=item.statement,
        choices=[Choice(value=value, label=scale.labels.get(value, {})) for value in values],
        dont_know=scale.dont_know,
        about=told,
        example=word["care"] if word else {},
    )
