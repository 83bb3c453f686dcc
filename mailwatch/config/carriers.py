"""Groups of recipient domains: those whose bounces need a reading of their own."""

from collections.abc import Mapping

CARRIERS: Mapping[str, tuple[str, ...]] = {
    "docomo": ("docomo.ne.jp", "mopera.net", "mopera.ne.jp"),
    "au": ("ezweb.ne.jp", "au.com", "uqmobile.jp", "biz.ezweb.ne.jp", "ido.ne.jp"),
    "SoftBank": (
        *("softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "disney.ne.jp"),
        *(f"{area}.vodafone.ne.jp" for area in "dhtckrnsq"),
        *("jp-d.ne.jp", "jp-h.ne.jp", "jp-t.ne.jp", "jp-c.ne.jp", "jp-k.ne.jp", "jp-r.ne.jp"),
        *("jp-n.ne.jp", "jp-s.ne.jp", "jp-q.ne.jp"),
    ),
    "Y!mobile": (
        *("ymobile.ne.jp", "ymobile1.ne.jp", "yahoo.ne.jp", "y-mobile.ne.jp", "emnet.ne.jp"),
        *("willcom.com", "pdx.ne.jp", "di.pdx.ne.jp", "dj.pdx.ne.jp", "dk.pdx.ne.jp"),
        *("wm.pdx.ne.jp", "wcm.ne.jp"),
    ),
    "Rakuten": ("rakumail.jp",),
}
"""The mail domains of Japan's mobile carriers, as the carriers' own help pages name them. Their
servers answer "user unknown" also for mail that the recipient's own filter turns away."""
