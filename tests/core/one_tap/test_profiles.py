"""Apple profiles and autoconfig files: right by the rules of those who read them, and without anybody's secrets."""

from __future__ import annotations

import plistlib
import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from bot.core.one_tap.profiles import apple_profile, autoconfig_xml, ispdb_xml
from bot.core.providers import Evidence, Provider, Server
from bot.core.servers.discovery import read_autoconfig

APPLE_REQUIRED = {
    "EmailAccountType": {"EmailTypePOP", "EmailTypeIMAP"},
    "IncomingMailServerAuthentication": {"EmailAuthPassword"},
    "OutgoingMailServerAuthentication": {"EmailAuthPassword"},
}
APPLE_OF_THE_OWNER = {
    "EmailAddress",
    "EmailAccountName",
    "IncomingMailServerUsername",
    "OutgoingMailServerUsername",
    "IncomingPassword",
    "OutgoingPassword",
}


def a_line(protocol: str, port: int, security: str = "ssl", **more) -> Server:
    settings = {"host": f"{protocol}.example.ne.jp", "username": "full_address", "usable": True} | more
    return Server(protocol=protocol, port=port, security=security, **settings)


PROVIDER = Provider(
    id="example",
    name="例のプロバイダ & <網>",
    domains=("example.ne.jp", "*.example.ne.jp", "example.jp"),
    servers=(a_line("pop", 995), a_line("imap", 993), a_line("smtp", 465), a_line("smtp", 587, "starttls")),
    answer_with_values=True,
    official_page="https://www.example.ne.jp/help?a=1&b=2",
)


def changed(**changes) -> Provider:
    return replace(PROVIDER, **changes)


class TestAppleProfile:
    @pytest.mark.parametrize(
        ("incoming", "kind", "port"), [("pop", "EmailTypePOP", 995), ("imap", "EmailTypeIMAP", 993)]
    )
    def test_it_holds_the_servers_in_apples_form(self, incoming, kind, port):
        profile = plistlib.loads(apple_profile(PROVIDER, incoming))

        (account,) = profile["PayloadContent"]
        assert (kind, f"{incoming}.example.ne.jp", port) == (
            account["EmailAccountType"],
            account["IncomingMailServerHostName"],
            account["IncomingMailServerPortNumber"],
        )
        assert (
            account["OutgoingMailServerHostName"],
            account["OutgoingMailServerPortNumber"],
        ) == ("smtp.example.ne.jp", 465)
        assert account["IncomingMailServerUseSSL"] is account["OutgoingMailServerUseSSL"] is True

    def test_every_payload_has_the_keys_that_apple_demands(self):
        profile = plistlib.loads(apple_profile(PROVIDER, "imap"))

        (account,) = profile["PayloadContent"]
        assert (profile["PayloadType"], account["PayloadType"]) == ("Configuration", "com.apple.mail.managed")
        for payload in (profile, account):
            assert payload["PayloadVersion"] == 1
            assert re.fullmatch(r"[A-Za-z0-9.-]+", payload["PayloadIdentifier"])
            assert str(uuid.UUID(payload["PayloadUUID"])).upper() == payload["PayloadUUID"]
        for key, allowed in APPLE_REQUIRED.items():
            assert account[key] in allowed

    def test_it_holds_no_address_no_user_name_and_no_password(self):
        profile = plistlib.loads(apple_profile(PROVIDER, "pop"))

        (account,) = profile["PayloadContent"]
        assert not APPLE_OF_THE_OWNER & set(account)
        assert account["OutgoingPasswordSameAsIncomingPassword"] is True

    def test_payloads_are_told_apart_and_stay_the_same_for_the_same_values(self):
        one, again = apple_profile(PROVIDER, "pop"), apple_profile(PROVIDER, "pop")
        profile = plistlib.loads(one)

        assert one == again
        assert profile["PayloadUUID"] != profile["PayloadContent"][0]["PayloadUUID"]

    def test_new_values_take_the_place_of_the_old_profile(self):
        moved = changed(servers=(a_line("pop", 995, host="pop2.example.ne.jp"), a_line("smtp", 465)))
        old, new = (plistlib.loads(apple_profile(provider, "pop")) for provider in (PROVIDER, moved))

        assert old["PayloadIdentifier"] == new["PayloadIdentifier"]
        assert old["PayloadUUID"] != new["PayloadUUID"]

    def test_the_description_is_shown_before_it_is_installed(self):
        profile = plistlib.loads(apple_profile(PROVIDER, "pop", description="メールの設定を入れます"))

        assert profile["PayloadDescription"] == "メールの設定を入れます"

    @pytest.mark.parametrize(
        "provider",
        [
            changed(answer_with_values=False),
            changed(sign_in="oauth2"),
            changed(ended="2026-02-25"),
            changed(servers=PROVIDER.servers[:2]),
            changed(servers=PROVIDER.servers[2:]),
            changed(
                servers=(
                    a_line("pop", 995, host_varies=True, host="<sub>.example.ne.jp"),
                    a_line("smtp", 465),
                )
            ),
            changed(servers=(a_line("pop", 995, applies_to="一部のアドレス"), a_line("smtp", 465))),
            changed(servers=(a_line("pop", 110, "none"), a_line("smtp", 465))),
            changed(servers=(a_line("pop", None), a_line("smtp", 465))),
            changed(servers=(a_line("pop", 995, usable=False), a_line("smtp", 465))),
        ],
        ids=[
            "values not given out",
            "oauth only",
            "ended",
            "no outgoing",
            "no incoming",
            "host varies",
            "not for everybody",
            "unencrypted",
            "no port",
            "not usable",
        ],
    )
    def test_there_is_none_where_it_could_not_work(self, provider):
        assert apple_profile(provider, "pop") is None


def check_client_config(xml: bytes) -> ET.Element:
    """The rules of ISPDB's file format, version 1.1; returns its emailProvider."""
    root = ET.fromstring(xml)
    assert (root.tag, root.get("version"), [child.tag for child in root]) == (
        "clientConfig",
        "1.1",
        ["emailProvider"],
    )
    about = root[0]
    assert about.get("id")
    assert about.findall("domain")
    assert all(re.fullmatch(r"[a-z0-9.-]+", domain.text) for domain in about.findall("domain"))
    assert about.findtext("displayName")
    assert about.findtext("displayShortName")
    roles = {"incomingServer": {"imap", "pop3"}, "outgoingServer": {"smtp"}}
    for role, kinds in roles.items():
        servers = about.findall(role)
        assert servers
        for server in servers:
            assert server.get("type") in kinds
            assert re.fullmatch(r"[a-z0-9.-]+", server.findtext("hostname"))
            assert 1 <= int(server.findtext("port")) <= 65535
            assert server.findtext("socketType") in {"SSL", "STARTTLS"}
            assert server.findtext("username") in {"%EMAILADDRESS%", "%EMAILLOCALPART%"}
            ways = [way.text for way in server.findall("authentication")]
            assert ways
            assert set(ways) <= {"password-cleartext", "OAuth2"}
    return about


class TestClientConfig:
    def test_the_ispdb_file_keeps_the_rules_and_is_named_after_its_first_domain(self):
        about = check_client_config(ispdb_xml(PROVIDER))

        assert about.get("id") == "example.ne.jp"
        assert [domain.text for domain in about.findall("domain")] == ["example.ne.jp", "example.jp"]
        assert PROVIDER.name == about.findtext("displayName")
        assert about.find("documentation").get("url") == PROVIDER.official_page

    def test_imap_comes_before_pop_and_the_best_outgoing_line_first(self):
        about = check_client_config(ispdb_xml(PROVIDER))

        assert [server.get("type") for server in about.findall("incomingServer")] == ["imap", "pop3"]
        outgoing = [
            (line.findtext("port"), line.findtext("socketType")) for line in about.findall("outgoingServer")
        ]
        assert outgoing == [("465", "SSL"), ("587", "STARTTLS")]

    def test_the_autoconfig_file_is_for_the_domain_that_asked(self):
        about = check_client_config(autoconfig_xml(PROVIDER, "abc.example.ne.jp"))

        assert [domain.text for domain in about.findall("domain")] == ["abc.example.ne.jp"]

    @pytest.mark.parametrize(
        ("sign_in", "ways"),
        [
            ("password", ["password-cleartext"]),
            ("app_password", ["password-cleartext"]),
            ("oauth2", ["OAuth2"]),
            ("oauth2_or_app_password", ["OAuth2", "password-cleartext"]),
        ],
    )
    def test_each_sign_in_has_its_own_words(self, sign_in, ways):
        about = check_client_config(ispdb_xml(changed(sign_in=sign_in)))

        assert ways == [way.text for way in about.find("incomingServer").findall("authentication")]

    def test_a_user_name_that_has_no_placeholder_leaves_the_line_out(self):
        odd = a_line("pop", 995, username="other")
        about = check_client_config(ispdb_xml(changed(servers=(odd, *PROVIDER.servers[1:]))))

        assert [server.get("type") for server in about.findall("incomingServer")] == ["imap"]

    @pytest.mark.parametrize(
        "provider",
        [
            changed(answer_with_values=False),
            changed(ended="2026-02-25"),
            changed(servers=PROVIDER.servers[:2]),
            changed(domains=("*.example.ne.jp",)),
        ],
        ids=["values not given out", "ended", "no outgoing", "only wildcard domains"],
    )
    def test_there_is_none_where_nothing_can_be_published(self, provider):
        assert ispdb_xml(provider) is None

    def test_what_is_written_is_read_back_as_it_was(self):
        config = read_autoconfig(ispdb_xml(PROVIDER), evidence=Evidence(source="x", kind="secondary"))

        written = {
            (line.protocol, line.host, line.port, line.security, line.username) for line in PROVIDER.servers
        }
        assert written == {
            (line.protocol, line.host, line.port, line.security, line.username) for line in config.servers
        }
