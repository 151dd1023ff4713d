"""Made-up respondents who answer a form over the network as a browser without scripts would: page by page, button by button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

#: a statement's field and the answers that it offers -> the one that is chosen; "" for none
Choose = Callable[[str, Sequence[str]], str]
TIMEOUT_SECONDS = 30.0
#: more pages than any form has
PAGES_MAX = 200
CONTROLS = {"input", "button", "select", "textarea"}


@dataclass
class FormPage(HTMLParser):
    """What stands in a page's form.

    Attributes
    ----------
    action : str
        Where the form leads; "" where the page has none.
    fields : dict of str
        What it sends as it stands.
    choices : dict of name -> list of str
        What can be chosen.
    options : dict of name -> str
        What lists offer, the first that is not empty.
    buttons : list of (str, str)
        Values, and where they lead instead; in order.
    """

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a control."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "button":
            self.buttons.append((given.get("value", ""), given.get("formaction", "")))
        elif tag in CONTROLS and given.get("type") == "radio":
            self.choices.setdefault(given["name"], []).append(given["value"])
            if "checked" in given:
                self.fields[given["name"]] = given["value"]
        elif tag == "option":
            if given["value"]:
                self.options.setdefault(self._list, given["value"])
        elif tag in CONTROLS:
            self.fields[given["name"]] = given.get("value", "")
            self._list = given["name"]


@dataclass
class Device:
    """A browser of somebody's: an address that it speaks to, and the cookies that it keeps."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    #: where it stands, and the page there
    path: str = ""
    page: FormPage = field(default_factory=FormPage)
    status: int = 0

    def __post_init__(self) -> None:
        told = urlsplit(self.address)
        self._connection = HTTPConnection(told.hostname or "", told.port, timeout=TIMEOUT_SECONDS)

    def open(self, path: str, body: dict[str, str] | None = None) -> None:
        """Ask for a page, and follow where it leads."""
        method = "GET" if body is None else "POST"
        for _ in range(PAGES_MAX):
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            sent = None if body is None else urlencode(body)
            if sent is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            self._connection.request(method, path, sent, headers)
            answer = self._connection.getresponse()
            content = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                for name, morsel in SimpleCookie(cookie).items():
                    self.cookies[name] = morsel.value
            self.path, self.status = path, answer.status
            if answer.status != 303:
                break
            method, path, body = "GET", answer.headers["Location"], None
        self.page = FormPage()
        self.page.feed(content)

    def press(self, button: str, **chosen: str) -> None:
        """Press a button of the page's form, with what was chosen in it."""
        elsewhere = dict(self.page.buttons).get(button, "")
        self.open(elsewhere or self.page.action, self.page.fields | chosen | {"go": button})

    def stop(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def answer_form(
    link: str, choose: Choose, pages: int = PAGES_MAX, initiative: Mapping[str, str] | None = None
) -> bool:
    """Answer a form from its link to its end, or some pages of it.

    Parameters
    ----------
    link : str
        Somebody's own.
    choose : callable
    pages : int
        After so many she leaves, and sends in nothing.
    initiative : dict of str, optional
        Title, what and start of one that she tells of, where she is asked; of lists she takes the first entry.

    Returns
    -------
    bool
        Whether it was sent in.
    """
    told = urlsplit(link)
    device = Device(f"{told.scheme}://{told.netloc}")
    try:
        device.open(told.path)
        device.press("next")
        for _ in range(pages):
            if device.status != 200 or not device.path.rpartition("/")[2] or _is_done(device.path):
                break
            chosen = {name: choose(name, offered) for name, offered in device.page.choices.items()}
            buttons = [value for value, _ in device.page.buttons]
            if "skip" in buttons and initiative is not None:
                chosen = device.page.options | dict(initiative)
            button = "skip" if "skip" in buttons and initiative is None else "next"
            device.press(button, **{name: value for name, value in chosen.items() if value})
        return device.status == 200 and _is_done(device.path)
    finally:
        device.stop()


def _is_done(path: str) -> bool:
    return path.endswith(("/klart", "/svarat"))
