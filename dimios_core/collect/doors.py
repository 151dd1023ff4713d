"""The ways in: a link, and what it is exchanged for."""

from __future__ import annotations

from dimios_core.collect.box import Person
from dimios_core.collect.frame import GO, TO_LANGUAGE
from dimios_core.collect.guard import Guarded, RefusalError, home_of
from dimios_core.collect.pages import write_welcome


class Door(Guarded):
    """A link: shows what the survey is, and changes nothing."""

    needs = "nobody"

    def get(self, survey: str, token: str) -> None:
        """Show the page that a link opens."""
        self.welcome(token, "")

    def welcome(self, token: str, language: str) -> None:
        """Show the page that a link opens, in a language, or in that of the list."""
        self.person = self.find(token)
        self.write_html(write_welcome(self.sheet(language), token, self.person.state))

    def find(self, token: str) -> Person:
        """Return whose link it is.

        Raises
        ------
        RefusalError
            The survey is not open, the link is nobody's, or nothing can be entered with it any more.
        """
        state = self.opened.state(self.now)
        if state != "open":
            raise RefusalError(state)
        person = self.opened.find_link(token)
        if person is None:
            raise RefusalError("no_link")
        if person.state == "withdrawn":
            raise RefusalError("withdrawn")
        if person.state == "submitted" and self.opened.form.is_anonymous:
            raise RefusalError("submitted")
        return person


class DoorInLanguage(Door):
    """The same page in another language: the link's token does not stand in the address."""

    def get(self, survey: str) -> None:  # type: ignore[override]
        """There is nothing without a token."""
        raise RefusalError("no_link")

    def post(self, survey: str) -> None:
        """Show the page."""
        language = self.get_body_argument(GO, "").removeprefix(TO_LANGUAGE)
        self.welcome(self.get_body_argument("token", ""), language)


class Begin(Door):
    """Exchanges the link's token for what the device keeps."""

    def get(self, survey: str) -> None:  # type: ignore[override]
        """There is nothing without a token."""
        raise RefusalError("no_link")

    def post(self, survey: str) -> None:
        """Open a session, and lead to where its respondent goes on."""
        person = self.find(self.get_body_argument("token", ""))
        language = self.get_body_argument("language", "")
        known = language if language in self.opened.form.languages else person.language
        self.keep(self.opened.open_session(person, known, self.now))
        self.lead(home_of(person))
