"""From what a look saw to findings, to one sentence for the customer, and to values that may be given out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.providers import Provider, Server
from bot.core.servers.candidates import concrete, evidence_of, proves, with_verified
from bot.core.servers.findings import (
    Advice,
    Certificate,
    Finding,
    Observation,
    advise,
    judge,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOST = "pop.example.ne.jp"


def a_certificate(*, names=(HOST,), until=datetime(2027, 3, 15, tzinfo=UTC), **more) -> Certificate:
    settings = {
        "subject": "CN=x",
        "issuer": "Example CA",
        "not_before": datetime(2026, 1, 1, tzinfo=UTC),
    } | more
    return Certificate(names=names, not_after=until, **settings)


def a_look(**more) -> Observation:
    settings = {
        "protocol": "pop",
        "host": HOST,
        "port": 995,
        "security": "ssl",
        "looked_at": NOW,
        "address": "203.0.113.5",
        "tls_version": "TLSv1.3",
        "certificate": a_certificate(),
        "greeting": "+OK",
    }
    return Observation(**settings | more)


def a_stopped_look(trouble, **more) -> Observation:
    return a_look(trouble=trouble, tls_version="", certificate=None, greeting="", **more)


class TestNamesOfACertificate:
    @pytest.mark.parametrize(
        ("name", "host", "fits"),
        [
            ("pop.example.ne.jp", "pop.example.ne.jp", True),
            ("POP.Example.ne.jp", "pop.example.NE.JP.", True),
            ("*.example.ne.jp", "pop.example.ne.jp", True),
            ("*.example.ne.jp", "a.pop.example.ne.jp", False),
            ("*.example.ne.jp", "example.ne.jp", False),
            ("p*.example.ne.jp", "pop.example.ne.jp", False),
            ("smtp.example.ne.jp", "pop.example.ne.jp", False),
            ("127.0.0.1", "127.0.0.1", True),
            ("0:0:0:0:0:0:0:1", "::1", True),
        ],
    )
    def test_a_name_is_good_for_a_host_or_it_is_not(self, name, host, fits):
        assert fits is a_certificate(names=(name,)).is_for(host)


class TestJudging:
    def test_a_good_server_is_fine(self):
        verdict = judge(a_look())

        assert (verdict.level, verdict.failed) == ("fine", False)
        assert (
            Finding(name="certificate_valid", level="fine", about="until 2027-03-15"),
        ) == verdict.findings

    def test_a_certificate_about_to_run_out_is_a_warning(self):
        verdict = judge(a_look(certificate=a_certificate(until=NOW + timedelta(days=13))))

        assert verdict.level == "warning"
        assert [finding.name for finding in verdict.findings] == ["certificate_expires_soon"]

    @pytest.mark.parametrize(
        ("fault", "about"),
        [
            ("expired", "since 2027-03-15"),
            ("not_yet_valid", "from 2026-01-01"),
            ("wrong_name", f"is for {HOST}"),
            ("untrusted_chain", "issued by Example CA"),
        ],
    )
    def test_each_fault_of_a_certificate_is_a_problem_and_says_more(self, fault, about):
        verdict = judge(a_look(faults=(fault,)))

        assert verdict.failed
        assert (Finding(name=f"certificate_{fault}", level="problem", about=about),) == verdict.findings

    def test_trouble_is_a_problem_with_its_detail(self):
        verdict = judge(a_stopped_look("refused", detail="203.0.113.5: connection refused"))

        assert (
            Finding(name="refused", level="problem", about="203.0.113.5: connection refused"),
        ) == verdict.findings

    @pytest.mark.parametrize("trouble", ["host_varies", "no_port", "port_not_allowed", "private_address"])
    def test_a_line_that_was_not_looked_at_has_not_failed(self, trouble):
        verdict = judge(a_stopped_look(trouble))

        assert (verdict.level, verdict.failed) == ("skipped", False)

    def test_old_tls_and_weak_tls_are_warnings_and_the_certificate_counts_as_unchecked(self):
        old = judge(a_look(tls_version="TLSv1", weakness="unsupported protocol"))
        weak = judge(a_look(tls_version="TLSv1.2", weakness="dh key too small"))

        assert [finding.name for finding in old.findings] == ["certificate_not_checked", "old_tls"]
        assert [finding.name for finding in weak.findings] == ["certificate_not_checked", "weak_tls"]

    def test_an_unencrypted_line_is_a_warning(self):
        verdict = judge(a_look(security="none", tls_version="", certificate=None))

        assert [finding.name for finding in verdict.findings] == ["not_encrypted"]

    def test_an_outgoing_server_without_sign_in_is_a_warning(self):
        verdict = judge(a_look(protocol="smtp", capabilities=("SIZE 100",)))

        assert "no_sign_in_offered" in [finding.name for finding in verdict.findings]

    @pytest.mark.parametrize("plain", ["open", "tls_only", "closed"])
    def test_the_plain_port_is_told_without_being_a_fault(self, plain):
        verdict = judge(a_look(plain=plain, plain_port=110))

        assert Finding(name=f"plain_{plain}", level="fine", about="port 110") in verdict.findings


class TestProving:
    def test_tls_the_right_certificate_and_the_right_greeting_prove_a_line(self):
        assert proves(a_look())

    @pytest.mark.parametrize(
        "flaw",
        [
            {"faults": ("expired",)},
            {"faults": ("wrong_name",)},
            {"trouble": "garbage"},
            {"weakness": "dh key too small"},
            {"tls_version": "TLSv1.1"},
            {"tls_version": "", "certificate": None},
            {"certificate": None},
            {"security": "none"},
        ],
    )
    def test_any_flaw_leaves_it_unproved(self, flaw):
        assert not proves(a_look(**flaw))


class TestAdvice:
    def test_a_valid_certificate_sends_the_customer_to_date_and_server_name(self):
        expected = Advice(
            message="look_certificate_valid", slots={"host": HOST, "year": "2027", "month": "3", "day": "15"}
        )

        assert expected == advise([a_look()])

    def test_the_day_is_counted_in_japan(self):
        look = a_look(certificate=a_certificate(until=datetime(2027, 2, 28, 15, 0, tzinfo=UTC)))

        assert advise([look]).slots == {"host": HOST, "year": "2027", "month": "3", "day": "1"}

    def test_an_expired_certificate_is_waited_for(self):
        advice = advise([a_look(), a_look(faults=("expired", "untrusted_chain"))])

        assert advice.message == "look_certificate_expired"

    @pytest.mark.parametrize(
        ("faults", "message"),
        [
            (("wrong_name",), "look_certificate_wrong_name"),
            (("untrusted_chain",), "look_certificate_not_trusted"),
            (("self_signed", "wrong_name"), "look_certificate_wrong_name"),
            (("unreadable",), "look_certificate_not_trusted"),
        ],
    )
    def test_other_faults_have_their_own_sentence(self, faults, message):
        assert message == advise([a_look(faults=faults)]).message

    @pytest.mark.parametrize("trouble", ["no_such_host", "refused", "timed_out", "silent", "closed"])
    def test_a_server_that_does_not_answer_is_said_to_be_unreachable(self, trouble):
        expected = Advice(message="look_unreachable", slots={"host": HOST, "port": "995"})

        assert expected == advise([a_stopped_look(trouble)])

    @pytest.mark.parametrize(
        "trouble",
        [
            "dns_failed",
            "unreachable",
            "turned_away",
            "garbage",
            "too_much",
            "tls_failed",
            "failed",
            "host_varies",
        ],
    )
    def test_what_may_be_our_own_fault_is_not_said_to_customers(self, trouble):
        assert Advice() == advise([a_stopped_look(trouble)])

    def test_nothing_looked_at_is_nothing_said(self):
        assert Advice() == advise([])

    def test_an_unchecked_certificate_is_not_called_valid(self):
        assert advise([a_look(weakness="unsupported protocol")]).message == ""

    @pytest.mark.parametrize(("plain", "offered"), [("open", True), ("closed", False), ("tls_only", False)])
    def test_the_temporary_measure_is_left_out_once_plain_receiving_is_closed(self, plain, offered):
        assert offered is advise([a_look(plain=plain, plain_port=110)]).temporary_measure

    def test_the_plain_port_of_pop_counts_before_that_of_imap(self):
        looks = [a_look(plain="closed"), a_look(protocol="imap", port=993, plain="open")]

        assert not advise(looks).temporary_measure

    def test_an_unknown_plain_port_changes_nothing(self):
        assert advise([a_look()]).temporary_measure


def a_candidate(protocol="pop", port=995, security="ssl", host=HOST) -> Server:
    return Server(protocol=protocol, host=host, port=port, security=security)


def a_provider(*candidates: Server, **more) -> Provider:
    return Provider(
        id="example", name="例", candidates=candidates, why_no_values="まだ確かめていません", **more
    )


class TestCandidates:
    def test_a_candidate_without_port_stands_for_the_usual_ones(self):
        lines = concrete(a_candidate("smtp", None, "unspecified"))

        assert [(line.port, line.security) for line in lines] == [(465, "ssl"), (587, "starttls")]

    @pytest.mark.parametrize(
        ("port", "security"), [(995, "ssl"), (465, "ssl"), (587, "starttls"), (110, "starttls")]
    )
    def test_a_port_tells_its_security(self, port, security):
        lines = concrete(a_candidate("pop", port, "unspecified"))

        assert [(port, security)] == [(line.port, line.security) for line in lines]

    def test_a_proved_candidate_becomes_usable_with_the_look_as_evidence(self):
        provider = with_verified(a_provider(a_candidate()), [a_look()], now=NOW)

        assert provider.candidates == ()
        assert (replace(a_candidate(), usable=True, evidence=(evidence_of(a_look()),)),) == provider.servers

    def test_the_evidence_names_server_tls_and_day(self):
        evidence = evidence_of(a_look())

        assert (evidence.kind, evidence.date) == ("look", "2026-11-24")
        assert f"live look at {HOST}:995 (TLSv1.3, certificate until 2027-03-15)" == evidence.source

    def test_values_are_given_out_once_receiving_and_sending_are_proved(self):
        sending = a_look(protocol="smtp", port=465)
        provider = a_provider(a_candidate(), a_candidate("smtp", None, "unspecified"))

        half = with_verified(provider, [a_look()], now=NOW)
        whole = with_verified(provider, [a_look(), sending], now=NOW)

        assert (half.answer_with_values, half.why_no_values) == (False, "まだ確かめていません")
        assert (whole.answer_with_values, whole.why_no_values) == (True, "")
        assert [line.port for line in whole.usable("smtp")] == [465]

    def test_a_look_at_another_line_proves_nothing(self):
        provider = a_provider(a_candidate())

        assert provider == with_verified(
            provider, [a_look(host="imap.example.ne.jp"), a_look(port=110)], now=NOW
        )

    def test_a_look_older_than_a_year_proves_nothing(self):
        provider = a_provider(a_candidate())
        old = a_look(looked_at=NOW - timedelta(days=366))

        assert provider == with_verified(provider, [old], now=NOW)

    def test_the_latest_look_decides(self):
        provider = a_provider(a_candidate())
        failed_since = a_stopped_look("refused", looked_at=NOW - timedelta(days=1))

        assert provider == with_verified(
            provider, [failed_since, a_look(looked_at=NOW - timedelta(days=9))], now=NOW
        )

    def test_a_service_that_has_ended_stays_ended(self):
        provider = a_provider(a_candidate(), ended="2026-02-25")

        assert provider == with_verified(provider, [a_look()], now=NOW)

    def test_values_kept_back_for_another_reason_stay_kept_back(self):
        usable = tuple(
            replace(a_candidate(protocol, port), usable=True)
            for protocol, port in [("imap", 993), ("smtp", 465)]
        )
        provider = a_provider(a_candidate(), servers=usable)

        more = with_verified(provider, [a_look()], now=NOW)

        assert (len(more.servers), more.answer_with_values) == (3, False)
