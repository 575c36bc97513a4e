"""What the service offers over HTTP, as an OpenAPI document: for monitors, for proxies, and for those who test it."""

from __future__ import annotations

from typing import Any

from bot import __version__

_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}


def document() -> dict[str, Any]:
    """The document. Webhooks are spoken to by LINE and Slack alone; both sign the raw body."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "madoguchi",
            "version": __version__,
            "description": "A mail-trouble support bot for LINE and Slack.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            "/line/webhook": {"post": _webhook("Events of LINE", _line_body(), _LINE_SIGNATURE)},
            "/slack/events": {"post": _webhook("Events of Slack", _slack_body(), *_SLACK_SIGNATURE)},
            "/healthz": {"get": _get("Whether the process lives.", {"200": _status("alive")})},
            "/readyz": {
                "get": _get(
                    "Whether work may be sent here.",
                    {"200": _status("ready"), "503": _status("not ready", why=True)},
                )
            },
            "/metrics": {
                "get": _get(
                    "Counters for Prometheus.", {"200": {"description": "In its text format."} | _TEXT}
                )
            },
            "/openapi.json": {
                "get": _get("This document.", {"200": _json("An OpenAPI document.", {"type": "object"})})
            },
            "/media/{token}": {"get": _signed("An operator's picture.", gives="*/*", may_be_away=True)},
            "/setup/{token}": {"get": _signed("How to set up one mail account.", gives="text/html")},
            "/setup/{token}/madoguchi.mobileconfig": {
                "get": _signed("The settings for Apple's programs.", gives="application/x-apple-aspen-config")
            },
            "/setup/{token}/.well-known/autoconfig/mail/config-v1.1.xml": {
                "get": _signed("The settings for Thunderbird and others.", gives="text/xml")
            },
        },
    }


_LINE_SIGNATURE = {
    "name": "X-Line-Signature",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "Base64 of the HMAC-SHA256 of the body.",
}
_SLACK_SIGNATURE = (
    {
        "name": "X-Slack-Signature",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": "v0= and the hexadecimal HMAC-SHA256 of v0:timestamp:body.",
    },
    {
        "name": "X-Slack-Request-Timestamp",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": "Seconds since 1970, not five minutes away.",
    },
)


def _webhook(summary: str, body: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": summary,
        "parameters": list(parameters),
        "requestBody": {"required": True, "content": body},
        "responses": {
            "200": {"description": "Saved."},
            "400": {"description": "Signed, but not what the platform sends."},
            "401": {"description": "Not signed by the platform."},
            "404": _json("The channel is off.", {"type": "object"}),
            "413": {"description": "Too large, too slow, or broken off."},
            "500": {"description": "Not saved: to be delivered again."},
        },
    }


def _line_body() -> dict[str, Any]:
    events = {"type": "array", "items": {"type": "object"}}
    schema = {
        "type": "object",
        "required": ["events"],
        "properties": {"destination": {"type": "string"}, "events": events},
    }
    return {"application/json": {"schema": schema}}


def _slack_body() -> dict[str, Any]:
    event = {"type": "object", "properties": {"type": {"type": "string"}}}
    schema = {"type": "object", "properties": {"type": {"type": "string"}, "event": event}}
    form = {"type": "object", "properties": {"payload": {"type": "string"}, "command": {"type": "string"}}}
    return {
        "application/json": {"schema": schema},
        "application/x-www-form-urlencoded": {"schema": form},
    }


def _signed(summary: str, *, gives: str, may_be_away: bool = False) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {"description": "Here it is.", "content": {gives: {}}},
        "404": {"description": "Never signed by us, or over."},
    }
    if may_be_away:
        responses["503"] = {"description": "Slack does not give it just now."}
    token = {"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}
    return _get(f"{summary} Under a signed address that ends.", responses, token)


def _get(summary: str, responses: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    found = {"summary": summary, "responses": responses}
    return found | ({"parameters": list(parameters)} if parameters else {})


def _status(status: str, *, why: bool = False) -> dict[str, Any]:
    properties: dict[str, Any] = {"status": {"const": status}}
    if why:
        properties["why"] = {"type": "string"}
    return _json(
        f"{status.capitalize()}.", {"type": "object", "properties": properties, "required": ["status"]}
    )


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
