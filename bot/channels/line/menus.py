"""The rich menus as data: what each area is called, what a tap on it does, and where it lies.

One menu for everybody and one for coordinators. A rich menu shows on phones only and its picture can't be heard, so
each area has a label that is read aloud, and every tap writes into the chat the words that mean the same when typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 2500, 1686
"""Pixels of LINE's large menu."""
COLUMNS, ROWS = 3, 2
CHAT_BAR = "選單"
"""What the bar says that opens and closes the menu; LINE takes 14 characters."""
PREFIX = "xueban/"
"""What the names of our menus begin with; those of others are never touched."""


@dataclass(frozen=True, slots=True)
class Area:
    """One field of a menu."""

    label: str
    """What is drawn large, and read aloud."""
    hint: str
    """What is drawn small below it."""
    says: str
    """What a tap writes into the chat; typed, it means the same."""
    action: str
    """What a tap does, see `handlers.router`."""
    icon: str
    """Its name in `menu_picture.ICONS`."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where an area lies, in pixels from the top left."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Menu:
    """One rich menu. Its areas fill the rows from the left."""

    key: str
    title: str
    """What it is called in messages to whoever sets it up."""
    areas: tuple[Area, ...]
    accent: str
    """Colour of its icons."""
    opened: bool
    """Whether it is open when somebody enters the chat."""

    @property
    def alias(self) -> str:
        """The name that stays while menus come and go: whoever links a person finds the menu through it."""
        return f"xueban-{self.key}"

    @property
    def name_prefix(self) -> str:
        """What the names of all its versions begin with."""
        return f"{PREFIX}{self.key}/"

    def bounds(self, index: int) -> Bounds:
        """Where the area with this index lies; the areas cover the picture without a gap."""
        row, column = divmod(index, COLUMNS)
        left, right = (WIDTH * edge // COLUMNS for edge in (column, column + 1))
        top, bottom = (HEIGHT * edge // ROWS for edge in (row, row + 1))
        return Bounds(left, top, right - left, bottom - top)

    def request(self, name: str) -> dict[str, Any]:
        """The body that creates it."""
        return {
            "size": {"width": WIDTH, "height": HEIGHT},
            "selected": self.opened,
            "name": name,
            "chatBarText": CHAT_BAR,
            "areas": [self._area(index, area) for index, area in enumerate(self.areas)],
        }

    def _area(self, index: int, area: Area) -> dict[str, Any]:
        at = self.bounds(index)
        return {
            "bounds": {"x": at.x, "y": at.y, "width": at.width, "height": at.height},
            "action": {"type": "postback", "label": area.label, "data": area.action, "displayText": area.says},
        }


_RECORD = Area("記錄活動", "打一行字也可以", "記錄", "r:new", "pencil")
_SCHOOLS = Area("我的學校", "身分與成員", "我的學校", "a:schools", "school")
_MENU = Area("查規定", "有哪些計畫", "選單", "m:menu", "book")

TEACHER = Menu(
    key="teacher",
    title="老師選單",
    areas=(
        _MENU,
        Area("資格檢核", "能不能申請", "資格檢核", "c:choose", "check"),
        Area("找計畫", "可以申請哪些", "可以申請哪些計畫", "c:which", "magnifier"),
        _RECORD,
        Area("我的檢核", "做過的在這裡", "我的檢核", "c:mine", "folder"),
        _SCHOOLS,
    ),
    accent="#1D4ED8",
    opened=True,
)
"""Everybody's: also that of people who have joined no school."""
COORDINATOR = Menu(
    key="coordinator",
    title="召集人選單",
    areas=(
        _RECORD,
        Area("看進度", "做了多少差多少", "進度", "p:show", "bars"),
        Area("我的期限", "接下來要交什麼", "我的期限", "d:list", "calendar"),
        Area("匯出", "Excel 與 Word", "匯出", "x:choose", "download"),
        _SCHOOLS,
        _MENU,
    ),
    accent="#047857",
    opened=True,
)
MENUS = (TEACHER, COORDINATOR)
DEFAULT = TEACHER
