"""mailwatch.yaml: where it is found, what it may hold, and what the environment adds."""

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from mailwatch.config import (
    POSTMASTER_URL,
    SENDGRID_URL,
    Config,
    DnsConfig,
    Domain,
    Loaded,
    PostmasterConfig,
    SendGridConfig,
    load_config,
    with_domains,
)
from mailwatch.config.secret import SecretRef
from mailwatch.config.sections import SECTIONS
from mailwatch.errors import ConfigError, FileError

SECRET = "SG.very-secret.key"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder one stands in."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def read(text: str, environment: Mapping[str, str] | None = None) -> Loaded:
    """The configuration of a file that was named."""
    path = Path("named.yaml")
    path.write_text(text, encoding="utf-8")
    return load_config(path, environment or {})


def found(text: str) -> Loaded:
    """The configuration of a file that was merely found."""
    Path("mailwatch.yaml").write_text(text, encoding="utf-8")
    return load_config(None, {})


def refusal(text: str, *, named: bool = True) -> FileError:
    with pytest.raises(FileError) as caught:
        (read if named else found)(text)
    error = caught.value
    assert error.line is not None
    assert error.what.isprintable()
    assert SECRET not in f"{error.what}{error.tip}{error!r}"
    assert error.exit_code == 2
    return error


# --- what it holds ----------------------------------------------------------------------------


def test_everything() -> None:
    loaded = read(
        """
        domains:
          - name: Example.com.
            dkim_selectors: [S1, s2]
          - name: 例え.jp
        sendgrid:
          api_key: env:SENDGRID_API_KEY
          base_url: https://api.eu.sendgrid.com/
          timezone: Asia/Tokyo
          window_days: 30
        postmaster:
          credentials: file:token.json
          subject: admin@example.com
          endpoint: https://gmailpostmastertools.googleapis.com
        dns:
          nameservers: [127.0.0.1:5353, "::1"]
        """.replace("\n        ", "\n")
    )
    assert loaded.path == Path("named.yaml")
    assert loaded.config == Config(
        (Domain("example.com", ("s1", "s2")), Domain("xn--r8jz45g.jp")),
        SendGridConfig(
            SecretRef("env", "SENDGRID_API_KEY", Path()),
            "https://api.eu.sendgrid.com",
            "Asia/Tokyo",
            30,
        ),
        PostmasterConfig(
            SecretRef("file", "token.json", Path()),
            "admin@example.com",
            "https://gmailpostmastertools.googleapis.com/",
        ),
        DnsConfig(("127.0.0.1:5353", "::1")),
    )
    assert loaded.set_keys == {
        "domains", "sendgrid", "sendgrid.api_key", "sendgrid.base_url", "sendgrid.timezone",
        "sendgrid.window_days", "postmaster", "postmaster.credentials", "postmaster.subject",
        "postmaster.endpoint", "dns", "dns.nameservers",
    }  # fmt: skip
    assert loaded.from_environment == frozenset()


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "domains:\nsendgrid: null\npostmaster: ~\ndns:\n", "domains: []"]
)
def test_every_section_may_be_empty(text: str) -> None:
    config = read(text).config
    assert config.domains == ()
    assert config.dns == DnsConfig()


def test_an_empty_section_is_configured_with_its_defaults() -> None:
    config = read("sendgrid:\npostmaster:\n").config
    assert config.sendgrid == SendGridConfig()
    assert config.sendgrid.api_key == SecretRef("env", "SENDGRID_API_KEY")
    assert (config.sendgrid.base_url, config.sendgrid.window_days) == (SENDGRID_URL, 7)
    assert config.postmaster == PostmasterConfig()
    assert config.postmaster.endpoint == POSTMASTER_URL
    nothing = read("").config
    assert (nothing.sendgrid, nothing.postmaster) == (None, None)


def test_keys_that_may_be_null() -> None:
    config = read(
        "sendgrid: {timezone: null}\npostmaster: {subject: Null}\n"
        "dns: {nameservers: ~}\ndomains: [{name: a.example, dkim_selectors: }]"
    ).config
    assert config.sendgrid is not None
    assert config.sendgrid.timezone is None
    assert config.postmaster is not None
    assert config.postmaster.subject is None
    assert config.dns.nameservers == ()
    assert config.domains == (Domain("a.example"),)


@pytest.mark.parametrize("days", [1, 90])
def test_the_window(days: int) -> None:
    sendgrid = read(f"sendgrid: {{window_days: {days}}}").config.sendgrid
    assert sendgrid is not None
    assert sendgrid.window_days == days


def test_files_are_relative_to_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    path = tmp_path / "away" / "some.yaml"
    path.write_text("sendgrid: {api_key: 'file:key'}")
    (tmp_path / "away" / "key").write_text(SECRET)
    sendgrid = load_config(path, {}).config.sendgrid
    assert sendgrid is not None
    assert sendgrid.api_key.line() == SECRET


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("sendgird: {}", 1, "sendgird", "did you mean sendgrid?"),
        ("sendgrid:\n  apikey: env:X", 2, "sendgrid.apikey", "did you mean api_key?"),
        ("sendgrid:\n  API_KEY: env:X", 2, "sendgrid.API_KEY", "did you mean api_key?"),
        ("postmaster:\n  credential: file:x", 2, "postmaster.credential", "mean credentials?"),
        ("dns:\n  nameserver: [127.0.0.1]", 2, "dns.nameserver", "did you mean nameservers?"),
        ("domains:\n - name: a.example\n   selectors: [s1]", 3, "domains.1.selectors", "mean dk"),
        ("sendgrid:\n  subusers: all", 2, "sendgrid.subusers", "api_key, base_url, timezone"),
        ("2: x", 1, "2", "The keys are domains, sendgrid, postmaster, dns, checks, ignore"),
        ("[a]", 1, None, "Its keys are domains, sendgrid, postmaster, dns, checks, ignore"),
        ("some text", 1, None, "is not a mapping"),
        ("domains:\n - a.example", 2, "domains.1", "name, dkim_selectors, sending_ips."),
        ("domains: a.example", 1, "domains", "is not a list"),
        ("domains:\n - dkim_selectors: [s1]", 2, "domains.1", "the key name is missing"),
        ("domains:\n - name: [a]", 2, "domains.1.name", "a domain name, such as example.com"),
        ("domains:\n - name: https://a.example/", 2, "domains.1.name", "write only the name"),
        ("domains:\n - name:", 2, "domains.1.name", "is not a valid domain name"),
        ("domains:\n - {name: a.example}\n - {name: A.example.}", 3, "domains.2", "listed twice"),
        ("domains:\n - {name: 例え.jp}\n - {name: xn--r8jz45g.jp}", 3, "domains.2", "listed twice"),
        ("domains:\n - name: a.example\n   sending_ips: [192.0.2]", 3,
         "domains.1.sending_ips.1", "192.0.2 is not a valid IP address"),
        ("domains:\n - name: a.example\n   sending_ips: ['fe80::1%eth0']", 3,
         "domains.1.sending_ips.1", "is not a valid IP address"),
        ("domains:\n - name: a.example\n   sending_ips: ['2001:db8::1', '2001:DB8:0::1']", 3,
         "domains.1.sending_ips.2", "2001:db8::1 is listed twice"),
        ("domains:\n - name: a.example\n   dkim_selectors: [s1, S1]", 3,
         "domains.1.dkim_selectors.2", "s1 is listed twice"),
        ("domains:\n - name: a.example\n   dkim_selectors: s1", 3, "domains.1.dkim_selectors",
         "is not a list"),
        ("domains:\n - name: a.example\n   dkim_selectors: [s 1]", 3,
         "domains.1.dkim_selectors.1", "s 1 is not a valid DKIM selector"),
        ("sendgrid:\n  window_days: 0", 2, "sendgrid.window_days", "from 1 to 90"),
        ("sendgrid:\n  window_days: 91", 2, "sendgrid.window_days", "from 1 to 90"),
        ("sendgrid:\n  window_days: 07", 2, "sendgrid.window_days", "from 1 to 90"),
        ("sendgrid:\n  window_days:", 2, "sendgrid.window_days", "from 1 to 90"),
        ("sendgrid:\n  timezone: Asia/Tokio", 2, "sendgrid.timezone", "did you mean Asia/Tokyo?"),
        ("sendgrid:\n  timezone: 9", 2, "sendgrid.timezone", "a time zone, such as Asia/Tokyo"),
        ("sendgrid:\n  base_url: http://api.sendgrid.com", 2, "sendgrid.base_url", "is not https"),
        ("postmaster:\n  endpoint: http://example.com", 2, "postmaster.endpoint", "is not https"),
        ("postmaster:\n  subject: ''", 2, "postmaster.subject", "is empty"),
        ("dns:\n  nameservers: [x y]", 2, "dns.nameservers.1", "x y is not a valid name server"),
        ("dns:\n  nameservers: 127.0.0.1", 2, "dns.nameservers", "is not a list"),
        ("sendgrid: {}\nsendgrid: {}", 2, "sendgrid", "is defined twice (first in line 1)"),
        ("sendgrid: {<<: {api_key: env:X}}", 1, "sendgrid.<<", "unknown key"),
        ("sendgrid: ''", 1, "sendgrid", "is not a mapping"),
        ('"\\e[31m": 1', 1, "\\x1b[31m", "unknown key"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, line: int, key: str | None, words: str) -> None:
    error = refusal(text)
    assert (error.line, error.key) == (line, key)
    assert error.what.startswith(f"named.yaml, line {line}")
    assert words in f"{error.what} {error.tip}"
    assert error.tip


@pytest.mark.parametrize(
    "text",
    [
        "domains: [{name: x y}]",
        "domains: [{name: a.example, dkim_selectors: [x y]}]",
        "dns: {nameservers: [x y]}",
        "sendgrid: {window_days: x y}",
        "sendgrid: {timezone: x y}",
    ],
)
def test_what_was_written_is_reported_once(text: str) -> None:
    assert refusal(text).what.count("x y") == 1


@pytest.mark.parametrize(
    "value",
    [
        SECRET,
        f'"{SECRET}"',
        f"[{SECRET}]",
        f"{{{SECRET}: x}}",
        f"{{x: {SECRET}}}",
        f"!vault {SECRET}",
        f'"SG:{SECRET}"',
        f"ENV:{SECRET}",
        f"env:{SECRET}",
        f"|\n    {SECRET}",
        f"|\n    file:{SECRET}\n    x",
        f"'env:A={SECRET}'",
        "''",
        "",
    ],
)
@pytest.mark.parametrize("key", ["sendgrid.api_key", "postmaster.credentials"])
def test_a_secret_that_was_written_out_is_not_repeated(key: str, value: str) -> None:
    section, name = key.split(".")
    error = refusal(f"{section}:\n  {name}: {value}\n")
    assert error.line in (2, 3)
    if "!vault" not in value:
        assert error.key == key
        assert "env:NAME, file:PATH or cmd:COMMAND" in f"{error.what} {error.tip}"


@pytest.mark.parametrize(
    "text",
    [
        f"sendgrid: {{api_key:{SECRET}}}",
        f"sendgrid:\n  api_key:{SECRET}",
        f"sendgrid:\n  timezone: UTC\n  api_key:{SECRET}",
        f"sendgrid:\n  api_key:{SECRET}\n  timezone: UTC",
        f"api_key:{SECRET}",
        f"sendgrid: {SECRET}",
        SECRET,
        f"sendgrid:\n  base_url: https://user:{SECRET}@api.sendgrid.com",
        f"sendgrid:\n  base_url: https://api.sendgrid.com/?key={SECRET}",
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_secret_in_the_wrong_place_is_not_repeated(text: str, *, named: bool) -> None:
    refusal(text, named=named)


def test_many_domains_are_read_quickly() -> None:
    begun = time.monotonic()
    lines = "".join(f"- {{name: d{n}.example}}\n" for n in range(10_000))
    assert len(read(f"domains:\n{lines}").config.domains) == 10_000
    assert time.monotonic() - begun < 10


# --- a file that was merely found -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sendgrid: {api_key: 'cmd:touch pwned'}", "cmd: is not allowed"),
        ("postmaster: {credentials: 'cmd:touch pwned'}", "cmd: is not allowed"),
        ("sendgrid: {base_url: 'https://evil.example'}", "is outside sendgrid.com"),
        ("sendgrid: {base_url: 'https://sendgrid.com.evil.example'}", "is outside sendgrid.com"),
        ("sendgrid: {base_url: 'https://evilsendgrid.com'}", "is outside sendgrid.com"),
        ("sendgrid: {base_url: 'https://gmailpostmastertools.googleapis.com'}", "is outside sendg"),
        ("sendgrid: {base_url: 'https://api.sendgrid.com@evil.example'}", "is not a valid address"),
        ("sendgrid: {base_url: 'https://evil.example\\.sendgrid.com'}", "is not a valid address"),
        ("postmaster: {endpoint: 'https://evil.example'}", "is outside googleapis.com"),
        ("postmaster: {endpoint: 'https://api.sendgrid.com'}", "is outside googleapis.com"),
        ("postmaster: {endpoint: 'https://googleapis.com.evil.example/'}", "is outside google"),
    ],
)
def test_a_stranger_s_file_may_not(text: str, words: str) -> None:
    error = refusal(text, named=False)
    assert words in error.what
    assert "--config" in error.what or words == "is not a valid address"
    assert "evil" not in error.what
    assert not Path("pwned").exists()


def test_a_stranger_s_file_may() -> None:
    config = found(
        "sendgrid: {api_key: 'file:key', base_url: 'http://127.0.0.1:1'}\n"
        "postmaster: {endpoint: 'https://x.googleapis.com', credentials: 'env:X'}"
    ).config
    assert config.sendgrid is not None
    assert config.sendgrid.base_url == "http://127.0.0.1:1"
    assert config.postmaster is not None
    assert config.postmaster.endpoint == "https://x.googleapis.com/"
    config = found("sendgrid: {base_url: 'https://API.eu.SendGrid.com'}").config
    assert config.sendgrid is not None


TRUSTED = "sendgrid: {api_key: 'cmd:touch pwned', base_url: 'https://proxy.example'}"


def test_a_file_that_was_named_may_do_both_and_runs_nothing_yet(folder: Path) -> None:
    for loaded in (
        read(TRUSTED),
        load_config(None, {"MAILWATCH_CONFIG": str(folder / "named.yaml")}),
    ):
        assert loaded.config.sendgrid == SendGridConfig(
            SecretRef("cmd", "touch pwned", loaded.path.parent if loaded.path else Path()),
            "https://proxy.example",
        )
    assert not Path("pwned").exists()


# --- where it is found ------------------------------------------------------------------------


def write(path: Path, name: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"domains: [{{name: {name}.example}}]")
    return path


def test_the_order(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {"HOME": str(home)}
    assert load_config(None, environment) == Loaded(Config())

    write(home / ".config/mailwatch/mailwatch.yaml", "home")
    assert _name(load_config(None, environment)) == "home.example"

    environment["XDG_CONFIG_HOME"] = str(tmp_path / "xdg")
    assert load_config(None, environment).path is None
    users = write(tmp_path / "xdg/mailwatch/mailwatch.yaml", "xdg")
    loaded = load_config(None, environment)
    assert (_name(loaded), loaded.path) == ("xdg.example", users)

    write(folder / "mailwatch.yaml", "here")
    assert _name(load_config(None, environment)) == "here.example"

    environment["MAILWATCH_CONFIG"] = str(write(tmp_path / "variable.yaml", "variable"))
    assert _name(load_config(None, environment)) == "variable.example"

    named = write(tmp_path / "named.yaml", "named")
    assert _name(load_config(named, environment)) == "named.example"
    environment["MAILWATCH_CONFIG"] = ""
    assert _name(load_config(None, environment)) == "here.example"


def _name(loaded: Loaded) -> str:
    return loaded.config.domains[0].name


def test_the_user_s_own_file_is_trusted(tmp_path: Path) -> None:
    path = tmp_path / "xdg/mailwatch/mailwatch.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TRUSTED)
    loaded = load_config(None, {"XDG_CONFIG_HOME": str(tmp_path / "xdg")})
    assert loaded.config.sendgrid is not None


@pytest.mark.parametrize("environment", [{"XDG_CONFIG_HOME": "."}, {"HOME": "."}])
def test_a_relative_home_is_not_taken_for_the_user_s(
    folder: Path, environment: dict[str, str]
) -> None:
    write(folder / "mailwatch/mailwatch.yaml", "stranger")
    write(folder / ".config/mailwatch/mailwatch.yaml", "stranger")
    assert load_config(None, environment).path is None


def test_without_any_home_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)  # a user that no account has
    assert load_config(None, {}).path is None


@pytest.mark.parametrize("environment", [{}, {"MAILWATCH_CONFIG": "none.yaml"}])
def test_a_file_that_was_named_has_to_be_there(environment: dict[str, str]) -> None:
    with pytest.raises(FileError, match=r"none\.yaml: cannot be read: No such file"):
        load_config(None if environment else Path("none.yaml"), environment)


def test_a_folder_of_that_name_is_no_file(folder: Path) -> None:
    (folder / "mailwatch.yaml").mkdir()
    assert load_config(None, {}).path is None
    with pytest.raises(FileError, match="Is a directory"):
        load_config(folder / "mailwatch.yaml", {})


# --- the environment --------------------------------------------------------------------------

BOTH = {"SENDGRID_API_KEY": SECRET, "GOOGLE_APPLICATION_CREDENTIALS": "/some/key.json"}


def test_a_key_alone_configures_sendgrid_but_a_google_file_alone_nothing() -> None:
    loaded = load_config(None, BOTH)
    assert loaded.config.sendgrid == SendGridConfig()
    assert loaded.config.postmaster is None
    assert loaded.from_environment == {"sendgrid.api_key"}
    assert loaded.set_keys == frozenset()
    assert SECRET not in repr(loaded)


@pytest.mark.parametrize(
    "environment", [{}, {"SENDGRID_API_KEY": "", "GOOGLE_APPLICATION_CREDENTIALS": ""}]
)
def test_empty_variables_are_none(environment: dict[str, str]) -> None:
    assert load_config(None, environment) == Loaded(Config())
    assert read("postmaster:", environment).config.postmaster == PostmasterConfig()


def test_the_file_beats_the_environment() -> None:
    loaded = read(
        "sendgrid: {api_key: 'env:OTHER'}\npostmaster: {credentials: 'file:token.json'}", BOTH
    )
    assert loaded.config.sendgrid is not None
    assert loaded.config.sendgrid.api_key.target == "OTHER"
    assert loaded.config.postmaster is not None
    assert loaded.config.postmaster.credentials == SecretRef("file", "token.json", Path())
    assert loaded.from_environment == frozenset()


def test_the_environment_fills_what_the_file_leaves_open() -> None:
    loaded = read("sendgrid: {window_days: 3}\npostmaster: {subject: a@b.example}", BOTH)
    assert loaded.config.sendgrid == SendGridConfig(window_days=3)
    assert loaded.config.postmaster == PostmasterConfig(
        SecretRef("file", "/some/key.json"), "a@b.example"
    )
    assert loaded.from_environment == {"sendgrid.api_key", "postmaster.credentials"}


def test_the_process_s_own_environment_is_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAILWATCH_CONFIG", str(write(tmp_path / "x.yaml", "own")))
    assert _name(load_config(None)) == "own.example"


# --- domains on the command line --------------------------------------------------------------

CONFIG = Config((Domain("a.example", ("s1",)), Domain("b.example", ("s2", "s3"))))


@pytest.mark.parametrize(
    ("names", "selectors", "domains"),
    [
        ((), (), CONFIG.domains),
        (("B.example.",), (), (Domain("b.example", ("s2", "s3")),)),
        (("c.example", "a.example"), (), (Domain("c.example"), Domain("a.example", ("s1",)))),
        (("a.example", "A.example"), (), (Domain("a.example", ("s1",)),)),
        (("例え.jp", "xn--r8jz45g.jp"), (), (Domain("xn--r8jz45g.jp"),)),
        ((), ("S9",), (Domain("a.example", ("s9",)), Domain("b.example", ("s9",)))),
        (("a.example",), ("s9", "S9", "s8"), (Domain("a.example", ("s9", "s8")),)),
    ],
)
def test_with_domains(
    names: tuple[str, ...], selectors: tuple[str, ...], domains: tuple[Domain, ...]
) -> None:
    sendgrid, postmaster, dns = SendGridConfig(), PostmasterConfig(), DnsConfig(("::1",))
    config = Config(CONFIG.domains, sendgrid, postmaster, dns)
    assert with_domains(config, names, selectors) == Config(domains, sendgrid, postmaster, dns)


@pytest.mark.parametrize(
    ("names", "selectors", "words"),
    [
        (("x",), (), "x is not a valid domain name"),
        ((), ("s 1",), "s 1 is not a valid DKIM selector"),
    ],
)
def test_with_what_is_no_domain(
    names: tuple[str, ...], selectors: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        with_domains(CONFIG, names, selectors)


@dataclass(frozen=True)
class Wider(Config):
    """A configuration with one section more."""

    sample: str | None = None


def test_with_domains_keeps_every_other_section() -> None:
    config = Wider(CONFIG.domains, checks=Path("mine"), sample="kept")
    chosen = with_domains(config, ("c.example",), ())
    assert chosen == Wider((Domain("c.example"),), checks=Path("mine"), sample="kept")


@dataclass(frozen=True)
class WiderDomain(Domain):
    """A domain with one key more."""

    sample: str | None = None


def test_with_domains_keeps_every_other_key_of_a_domain() -> None:
    # Given a domain of the configuration with a key beside its selectors
    config = Config((WiderDomain("a.example", ("s1",), sample="kept"),))
    # When it is named on the command line, or only a selector is
    named, selected = with_domains(config, ("a.example",), ()), with_domains(config, (), ("s2",))
    # Then the key is kept
    assert named == config
    assert selected == Config((WiderDomain("a.example", ("s2",), sample="kept"),))


# --- sections ---------------------------------------------------------------------------------


def test_every_section_is_a_field_of_the_configuration() -> None:
    assert [field.name for field in fields(Config)] == list(SECTIONS)


@pytest.mark.parametrize("environment", [{}, {"SENDGRID_API_KEY": "SG.x"}])
def test_every_template_can_be_switched_on(environment: dict[str, str]) -> None:
    """Given the template of each section, when every line of it is switched on, then the file is
    accepted and sets that section."""
    for name, section in SECTIONS.items():
        template = section.template(environment)
        assert all(len(line) <= 80 for line in template.splitlines())
        switched_on = re.sub(r"^# ?", "", template, flags=re.MULTILINE)
        assert name in read(switched_on).set_keys


# --- a folder of own checks -------------------------------------------------------------------


@pytest.mark.parametrize("named", [True, False])
def test_checks_are_relative_to_the_file(tmp_path: Path, *, named: bool) -> None:
    """Checks are data: a file that was only found may name them, too."""
    text = "checks: my-checks"
    assert (read if named else found)(text).config.checks == Path("my-checks")
    (tmp_path / "away").mkdir()
    path = tmp_path / "away" / "mailwatch.yaml"
    path.write_text(text)
    assert load_config(path, {}).config.checks == tmp_path / "away" / "my-checks"


def test_checks_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert read("checks: /etc/checks").config.checks == Path("/etc/checks")
    assert read("checks: ~/checks").config.checks == Path("/home/somebody/checks")
    assert read("checks: ~").config.checks is None
    assert read("checks:").config.checks is None


@pytest.mark.parametrize("value", ["''", '"a\\0b"', '"\\e[1m"', "~nobody-has-this-name/x", "[a]"])
def test_checks_that_are_no_path(value: str) -> None:
    assert refusal(f"checks: {value}").key == "checks"
