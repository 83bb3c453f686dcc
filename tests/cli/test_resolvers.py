"""`--resolver`, in every command that asks DNS."""

from tests.cli.conftest import Command, watched


def test_several_resolvers_replace_the_configured_ones(mailwatch: Command) -> None:
    # Given a configured name server that answers, and two others: one that refuses, one that works
    with watched("healthy") as (running, config):
        named = ("--resolver", "127.0.0.1:1", "--resolver", running.nameserver)
        for command in ("check", "dns"):
            outcome = mailwatch(command, "--config", config, *named, "--format", "json")
            assert outcome.state("dns") == "ok"
        # Then only those that were named are asked
        outcome = mailwatch("doctor", "--config", config, *named, "--format", "json")
        found = {d["what"]: d["works"] for d in outcome.json["diagnoses"]}
        assert found["Name server 127.0.0.1:1"] is False
        assert found[f"Name server {running.nameserver}"] is True
        outcome = mailwatch("dns", "--config", config, *named[:2], "--format", "json")
        assert outcome.state("dns") == "failed"
