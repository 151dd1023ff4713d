"""What each address of the form does."""

from __future__ import annotations

import re
from typing import ClassVar

import tornado.web

from dimios_core.characters import UNSEEN
from dimios_core.collect.box import Standing
from dimios_core.collect.doors import Begin, Door, DoorInLanguage
from dimios_core.collect.form import TEXT_LIMIT, TITLE_LIMIT, Part, Question
from dimios_core.collect.frame import GO, TO_LANGUAGE
from dimios_core.collect.guard import Guarded, RefusalError
from dimios_core.collect.pages import (
    BACK,
    NEXT,
    SKIP,
    list_values,
    name_field,
    write_done,
    write_initiative,
    write_part,
    write_role,
    write_send,
    write_withdraw,
)
from dimios_core.collect.tokens import TOKEN_PATTERN
from dimios_core.collect.window import ZONE

MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
INITIATIVE_FIELDS = ("title", "what", "point", "kind", "start")


class Home(Guarded):
    """Leads a respondent to the first page that she has not been to the end of."""

    standing = ("waiting", "begun")

    def get(self, survey: str) -> None:
        """Lead there."""
        entered = self.opened.read(self.person)
        if self.opened.form.roles and not entered.role:
            return self.lead("roll")
        for at, part in enumerate(self.opened.form.parts, 1):
            if not any(q.id in entered.answers for q in part.questions):
                return self.lead(f"del/{at}")
        return self.lead("skicka")


class Filling(Guarded):
    """A page that is filled in."""

    def go_on(self, forward: str, backward: str, here: str) -> None:
        """Lead where the button says; a button of a language leads here again, in it."""
        pressed = self.get_body_argument(GO, NEXT)
        if pressed.startswith(TO_LANGUAGE):
            language = pressed.removeprefix(TO_LANGUAGE)
            if language in self.opened.form.languages:
                self.opened.choose_language(self.session, language)
            return self.lead(here)
        return self.lead(backward if pressed == BACK else forward)

    def save(self, **changed: object) -> None:
        """Save what was filled in.

        Raises
        ------
        RefusalError
            Nothing was saved: see `tell_why`.
        """
        if not self.opened.save(self.person, self.now, **changed):
            raise self.tell_why()

    def tell_why(self) -> RefusalError:
        """Return why nothing changed: the survey is over by now, or was submitted or withdrawn in another tab."""
        return RefusalError("over" if self.opened.state(self.now) != "open" else "no_link")


class Role(Filling):
    """Which role somebody has."""

    def get(self, survey: str) -> None:
        """Show the roles, with the one of the list chosen."""
        if not self.opened.form.roles:
            return self.lead("del/1")
        chosen = self.opened.read(self.person).role or self.opened.role_of(self.person)
        return self.write_html(write_role(self.sheet(), chosen))

    def post(self, survey: str) -> None:
        """Save the role."""
        role = self.get_body_argument("role", "")
        if role and role not in self.opened.form.roles:
            raise tornado.web.HTTPError(400)
        if role:
            self.save(role=role)
        self.go_on("del/1", "roll", "roll")


class Statements(Filling):
    """A part of the statements."""

    def get(self, survey: str, at: str) -> None:
        """Show them, with what was answered before."""
        self.write_html(write_part(self.sheet(), self._find_part(at), self.opened.read(self.person)))

    def post(self, survey: str, at: str) -> None:
        """Save the answers, also where only some are given."""
        part = self._find_part(at)
        answers = {q.id: self._read_answer(q) for q in part.questions if self._is_given(q)}
        if answers:
            self.save(answers=answers)
        here = int(at)
        last = here == len(self.opened.form.parts)
        self.go_on("forslag" if last else f"del/{here + 1}", f"del/{max(here - 1, 1)}", f"del/{here}")

    def _find_part(self, at: str) -> Part:
        parts = self.opened.form.parts
        if not 1 <= int(at) <= len(parts):
            raise RefusalError("missing", 404)
        return parts[int(at) - 1]

    def _is_given(self, question: Question) -> bool:
        return bool(self.get_body_argument(name_field(question.id), ""))

    def _read_answer(self, question: Question) -> float | str:
        """Return an answer that may be given; anything else is no form of ours."""
        values, given = list_values(question), self.get_body_argument(name_field(question.id))
        if given not in values:
            raise tornado.web.HTTPError(400)
        return values[given]


class Initiative(Filling):
    """One thing that worked well, if somebody wants to tell of it."""

    def get(self, survey: str) -> None:
        """Show the fields."""
        self._show(dict(self.opened.read(self.person).initiative), [])

    def post(self, survey: str) -> None:
        """Save it whole, ask for what is missing, or leave it."""
        pressed = self.get_body_argument(GO, NEXT)
        given = {name: self._read_text(name) for name in INITIATIVE_FIELDS}
        if pressed == SKIP or (not any(given.values()) and self.opened.read(self.person).initiative):
            self.save(initiative={})
        elif any(given.values()):
            faults = self._find_faults(given)
            if faults and pressed == NEXT:
                self.set_status(422)
                return self._show(given, faults)
            if not faults:
                self.save(initiative=given)
        return self.go_on("skicka", f"del/{len(self.opened.form.parts)}", "forslag")

    def _read_text(self, name: str) -> str:
        """Return what was written in a field, without what nobody can see; only what is told at length has several lines."""
        lines = self.get_body_argument(name, "").splitlines()
        return ("\n" if name == "what" else " ").join(UNSEEN.sub("", line) for line in lines).strip()

    def _show(self, given: dict[str, str], faults: list[str]) -> None:
        example = f"{self.now.astimezone(ZONE):%Y-%m}"
        self.write_html(write_initiative(self.sheet(), given, faults, example))

    def _find_faults(self, given: dict[str, str]) -> list[str]:
        form = self.opened.form
        right = {
            "title": 0 < len(given["title"]) <= TITLE_LIMIT,
            "what": 0 < len(given["what"]) <= TEXT_LIMIT,
            "point": given["point"] in form.points,
            "kind": given["kind"] in form.kinds,
            "start": bool(MONTH.fullmatch(given["start"])),
        }
        return [name for name, is_right in right.items() if not is_right]


class Send(Filling):
    """The end: what is answered, and sending it in."""

    standing = ("waiting", "begun")

    def get(self, survey: str) -> None:
        """Show how much is answered."""
        self.write_html(write_send(self.sheet(), self.opened.read(self.person)))

    def post(self, survey: str) -> None:
        """Send in."""
        if self.get_body_argument(GO, "") == NEXT:
            if not self.opened.submit(self.person, self.now):
                raise self.tell_why()
            if self.opened.form.is_anonymous:
                self.forget()
        self.go_on("klart" if self.opened.form.is_anonymous else "svarat", "forslag", "skicka")


class Done(Guarded):
    """Thanks, in the anonymous mode: the same page for everybody, since nobody is known any more."""

    needs = "nobody"

    def get(self, survey: str) -> None:
        """Show the page."""
        if not self.opened.form.is_anonymous:
            raise RefusalError("missing", 404)
        self.write_html(write_done(self.sheet(self.opened.form.languages[0])))


class Answered(Guarded):
    """Thanks to a respondent who is known, with the ways to change and to withdraw."""

    standing: ClassVar[tuple[Standing, ...]] = ("submitted",)

    def get(self, survey: str) -> None:
        """Show the page."""
        self.write_html(write_done(self.sheet()))


class Withdraw(Filling):
    """Takes everything back."""

    standing: ClassVar[tuple[Standing, ...]] = ("begun", "submitted")

    def get(self, survey: str) -> None:
        """Ask first."""
        self._refuse_anonymous()
        self.write_html(write_withdraw(self.sheet()))

    def post(self, survey: str) -> None:
        """Take everything back, for good."""
        self._refuse_anonymous()
        if self.get_body_argument(GO, "") != NEXT:
            return self.lead("svarat")
        if not self.opened.withdraw(self.person, self.now):
            raise RefusalError("over")
        self.forget()
        return self.shut("withdrawn")

    def _refuse_anonymous(self) -> None:
        """Refuse in the anonymous mode: there is nothing that could be taken back, and a draft goes by itself."""
        if self.opened.form.is_anonymous:
            raise RefusalError("missing", 404)


class Leave(Guarded):
    """Lets the device know nobody."""

    def post(self, survey: str) -> None:
        """End the session."""
        self.opened.end_session(self.session)
        self.forget()
        self.shut("left")


SURVEY = r"/([a-z0-9][a-z0-9-]*)"
#: every address there is; a test walks them as everybody
ROUTES: list[tuple[str, type[Guarded]]] = [
    (rf"{SURVEY}/l/({TOKEN_PATTERN})", Door),
    (rf"{SURVEY}/valkommen", DoorInLanguage),
    (rf"{SURVEY}/borja", Begin),
    (rf"{SURVEY}/", Home),
    (rf"{SURVEY}/roll", Role),
    (rf"{SURVEY}/del/([1-9][0-9]?)", Statements),
    (rf"{SURVEY}/forslag", Initiative),
    (rf"{SURVEY}/skicka", Send),
    (rf"{SURVEY}/klart", Done),
    (rf"{SURVEY}/svarat", Answered),
    (rf"{SURVEY}/ta-tillbaka", Withdraw),
    (rf"{SURVEY}/avsluta", Leave),
]
