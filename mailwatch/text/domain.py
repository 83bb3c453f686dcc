"""Domain names as people write them (IDNA 2008, RFC 5890 to 5893; UTS 46 for what they type).

In DNS a name has A-labels (`xn--strae-oqa.de`); people write and read U-labels (`straße.de`). The
transitional mapping of UTS 46 is not used: it takes `straße.de` for `strasse.de`, which is another
domain with another owner.
"""

from mailwatch.text.inert import inert

_PREFIX = "xn--"


def to_ascii(text: str) -> str:
    """`text` in A-labels and lower case. What is ASCII already is not checked further.

    Raises ValueError for what IDNA does not allow.
    """
    if text.isascii():
        return text.lower()
    import idna  # not needed for most names

    mapped = idna.uts46_remap(text, std3_rules=False, transitional=False)
    # Label by label: a label such as _dmarc is no host name, and still one of a domain name.
    labels = mapped.split(".")
    return ".".join(label if label.isascii() else idna.alabel(label).decode() for label in labels)


def domain_text(name: str) -> str:
    """`straße.de (xn--strae-oqa.de)`: `name` as people write it, and as it is in DNS where
    that differs, since letters of different scripts can look the same."""
    if _PREFIX not in name:
        return name
    written = ".".join(map(_written, name.split(".")))
    return name if written == name else f"{inert(written)} ({name})"


def _written(label: str) -> str:
    """`label` as a U-label; as it is where it is none."""
    import idna

    try:
        return idna.ulabel(label) if label.startswith(_PREFIX) else label
    except ValueError:
        return label
