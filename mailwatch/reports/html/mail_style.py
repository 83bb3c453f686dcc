"""How a mail looks: a style at each element, since many clients drop a stylesheet.

The one stylesheet is for those that keep it and are dark: they would show dark text on dark. Its
classes change colours only, and have to be `!important` to be stronger than the elements' own.
"""

from mailwatch.model import Level

COLOURS = {
    Level.BREACH: "#b42318",
    Level.WARN: "#8a5300",
    Level.UNKNOWN: "#0a6375",
    Level.OK: "#1a6b33",
}
"""On white, with a contrast of at least 4.5."""
_LIGHTER = {
    Level.BREACH: "#ff9087",
    Level.WARN: "#f0bd5c",
    Level.UNKNOWN: "#6fd3e3",
    Level.OK: "#76d08b",
}
"""On the dark ground of a box, with as much."""
_FONT = "-apple-system,'Segoe UI',Roboto,'Hiragino Sans',Meiryo,'Noto Sans CJK JP',sans-serif"
BODY = (
    "margin:0;padding:16px;background:#f4f6f8;color:#1a2129;"
    f"overflow-wrap:anywhere;word-break:break-word;font:15px/1.55 {_FONT}"
)
BOX = "background:#ffffff;border:1px solid #d8dee4;padding:14px 18px"
MUTED = "color:#545d68;font-size:13px"
LINE = "margin:4px 0"
TITLE = "margin:20px 0 8px;font-size:16px"


def _of(level: Level, colour: str) -> str:
    name = level.value
    return (
        f".{name}{{color:{colour}!important}}"
        f".left-{name}{{border-left-color:{colour}!important}}"
        f".top-{name}{{border-top-color:{colour}!important}}\n"
    )


DARK = (
    "\n@media (prefers-color-scheme:dark){\n"
    ".page{background:#0e1318!important;color:#e4e9ef!important}"
    ".box{background:#171d24!important;border-color:#323b46!important}"
    ".muted{color:#a3adb9!important}\n"
    f"{''.join(_of(level, colour) for level, colour in _LIGHTER.items())}}}\n"
)
