"""load_library: the shipped content as core values, the owner's laid over it, every problem at once."""

from __future__ import annotations

import pytest

from bot.content.library import load_library
from bot.core.providers import Evidence
from bot.core.understand import understand
from bot.errors import ContentError
from tests.content.conftest import a_provider


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory):
    return load_library(cache=tmp_path_factory.mktemp("cache"))


def test_the_second_start_gives_the_same_library_from_what_was_kept(tmp_path):
    first = load_library(cache=tmp_path)
    [kept] = tmp_path.glob("content-*.json")
    written = kept.stat().st_mtime_ns

    second = load_library(cache=tmp_path)

    assert first.providers == second.providers
    assert first.intents == second.intents
    assert first.clients == second.clients
    assert first.error_codes == second.error_codes
    assert first.lifecycle == second.lifecycle
    assert (first.messages, first.buttons, first.shop) == (second.messages, second.buttons, second.shop)
    assert kept.stat().st_mtime_ns == written


def test_a_kept_file_of_another_shape_means_reading_the_yaml_again(tmp_path):
    from bot.content.locate import find_places
    from bot.content.shelf import Shelf

    Shelf(tmp_path, find_places().files).keep({"providers": [{"id": "ocn"}]})

    assert "plala" in load_library(cache=tmp_path).providers


def test_an_owners_provider_replaces_the_shipped_one_as_a_whole(folder, tmp_path):
    folder.write("providers/ocn.yaml", a_provider())

    library = load_library(providers_dir=folder.providers, cache=tmp_path / "cache")

    assert [server.host for server in library.providers["ocn"].servers] == ["pop.ocn.example"]
    assert library.providers["ocn"].temporary_measure is None
    assert len(library.providers) > 60


def test_every_problem_is_raised_at_once(folder, tmp_path):
    folder.write("providers/ocn.yaml", a_provider(**{"port: 995": "port: 0"}))
    folder.write("providers/plala.yaml", "id: plala\nid: plala\n")

    with pytest.raises(ContentError) as raised:
        load_library(providers_dir=folder.providers, cache=tmp_path / "cache")

    assert [problem.split(" ")[0] for problem in raised.value.problems] == [
        "providers/ocn.yaml:9:",
        "providers/plala.yaml:2:",
    ]
    assert not (tmp_path / "cache").exists()


def test_ocn_is_answered_with_the_values_of_the_article(library):
    ocn = library.providers["ocn"]

    [pop], [smtp] = ocn.usable("pop"), ocn.usable("smtp")

    assert (pop.port, pop.security) == (995, "ssl")
    assert (smtp.port, smtp.security) == (465, "ssl")
    assert "article" in {evidence.kind for evidence in pop.evidence}


def test_ocn_has_the_temporary_measure_of_the_article_with_two_honest_remarks(library):
    measure = library.providers["ocn"].temporary_measure

    assert measure is not None
    assert measure.enabled
    assert (measure.incoming_port, measure.incoming_ssl) == (110, False)
    assert (measure.outgoing_port, measure.outgoing_ssl) == (465, False)
    assert len(measure.remarks) == 2
    assert "2019年10月" in measure.remarks[1]


def test_no_other_provider_offers_a_temporary_measure(library):
    offering = [
        p.id for p in library.providers.values() if p.temporary_measure and p.temporary_measure.enabled
    ]

    assert offering == ["ocn"]


def test_at_least_66_providers_are_known_by_name_and_domain(library):
    with_domains = [provider for provider in library.providers.values() if provider.domains]

    assert len(library.providers) >= 66
    assert len(with_domains) >= 64  # お名前.com and カラーミー serve their customers' own domains
    assert all(provider.aliases for provider in library.providers.values())


def test_no_value_is_given_out_without_a_source_that_stands_behind_it(library):
    doubtful = [
        (provider.id, server.host)
        for provider in library.providers.values()
        for protocol in ("pop", "imap", "smtp")
        for server in provider.usable(protocol)
        if not {"official", "secondary"} & {evidence.kind for evidence in server.evidence}
    ]

    assert doubtful == []


def test_whoever_gets_no_values_is_told_why(library):
    silent = [p.id for p in library.providers.values() if not p.answer_with_values and not p.why_no_values]

    assert silent == []


@pytest.mark.parametrize("provider", ["commufa", "lolipop", "ymobile", "sakura", "odn"])
def test_unverified_candidates_are_never_in_the_library(library, provider):
    assert not any(server.usable for server in library.providers[provider].servers)
    assert not library.providers[provider].answer_with_values


def test_goo_has_ended(library):
    assert library.providers["goo"].ended == "2026-02-25"
    assert not library.providers["goo"].answer_with_values


@pytest.mark.parametrize(
    ("provider", "sign_in"),
    [
        ("outlook-com", "oauth2"),
        ("docomo", "app_password"),
        ("icloud", "app_password"),
        ("gmail", "oauth2_or_app_password"),
        ("ocn", "password"),
    ],
)
def test_it_is_known_which_credential_a_program_needs(library, provider, sign_in):
    record = library.providers[provider]

    assert record.sign_in == sign_in
    assert record.sign_in_note or sign_in == "password"


@pytest.mark.parametrize("provider", ["xserver", "onamae", "plala", "sakura"])
def test_no_placeholder_is_passed_off_as_a_server_name(library, provider):
    for server in library.providers[provider].servers:
        assert server.host_varies or not set("<>*?") & set(server.host)


def test_every_mail_program_has_its_way_to_the_settings(library):
    assert set(library.clients) == {
        "outlook", "outlook_new", "livemail", "windows_mail", "thunderbird", "iphone", "mac", "android", "becky", "shuriken",
    }  # fmt: skip
    assert all(client.steps for client in library.clients.values())
    assert library.clients["livemail"].ended == "2017-01-10"
    assert library.clients["windows_mail"].ended == "2024-12-31"


@pytest.mark.parametrize(
    "code", ["0x800CCC0E", "0x80042109", "0x8004010F", "421", "535", "554", "10060", "10061"]
)
def test_an_error_code_has_meaning_causes_and_a_first_check(library, code):
    record = library.error_codes[code]

    assert record.code == code
    assert record.meaning
    assert record.causes
    assert record.first_check
    assert all(isinstance(evidence, Evidence) for evidence in record.evidence)


def test_phrases_come_expanded_and_texts_as_written(folder, tmp_path):
    folder.write(
        "intents/own_matter.yaml",
        "id: own_matter\ntitle: 自分の用件\nphrases: ['[急に]届か(ない|ん)']\ntests: [{say: 届かない, intent: cannot_receive}]\n"
        "reply:\n  - text: opening\n  - choices: [solved, person]\ntexts:\n  opening: |\n    一行目\n    二行目\n",
    )

    intent = load_library(intents_dir=folder.intents, cache=tmp_path / "cache").intents["own_matter"]

    assert sorted(intent.phrases) == sorted(["届かない", "届かん", "急に届かない", "急に届かん"])
    assert intent.texts == {"opening": "一行目\n二行目"}
    assert [(block.kind, block.argument) for block in intent.reply] == [
        ("text", "opening"),
        ("choices", "solved,person"),
    ]


def test_every_provider_is_recognised_by_its_name_and_by_each_of_its_domains(library):
    missed = [
        (provider.id, said)
        for provider in library.providers.values()
        for said in (
            f"{provider.name}のメールが届きません",
            *(f"taro@{domain.replace('*', 'abc').replace('?', 'a')} です" for domain in provider.domains),
        )
        if understand(said, library).slots.provider != provider.id
    ]

    assert missed == []
