"""The bot's own voice: texts by name from `_messages.yaml`, with what is known of the talk filled in."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.library import Library
    from bot.core.slots import Slots

PLACEHOLDERS = frozenset(
    {"provider", "client", "code", "domain", "page", "shop", "phone", "hours", "closed", "address", "visit"}
)
"""What every text may name in braces; a message of `Wording` may name more, as its comment in the YAML says."""


class Wording(StrEnum):
    """Every text that the code says by name; a content folder must hold them all."""

    # asking
    ASK_PROVIDER = "ask_provider"
    ASK_PROVIDER_AGAIN = "ask_provider_again"
    ASK_PROVIDER_HOW = "ask_provider_how"
    ASK_CLIENT = "ask_client"
    ASK_PROTOCOL = "ask_protocol"
    ASK_PROTOCOL_HOW = "ask_protocol_how"
    ASK_ERROR_CODE_HOW = "ask_error_code_how"
    ASK_DIRECTION = "ask_direction"
    ASK_ERROR_CODE = "ask_error_code"
    ASK_PROVIDER_TERSE = "ask_provider_terse"
    ASK_CLIENT_TERSE = "ask_client_terse"
    ASK_ERROR_CODE_TERSE = "ask_error_code_terse"
    ASK_WHICH = "ask_which"
    STILL_ASKING = "still_asking"
    NO_MATTER = "no_matter"
    # settings
    CARD_TITLE = "card_title"
    CARD_INCOMING = "card_incoming"
    CARD_OUTGOING = "card_outgoing"
    ROW_HOST = "row_host"
    ROW_PORT = "row_port"
    ROW_SECURITY = "row_security"
    ROW_USERNAME = "row_username"
    HOST_VARIES = "host_varies"
    PORT_UNKNOWN = "port_unknown"
    SECURITY_SSL = "security_ssl"
    SECURITY_STARTTLS = "security_starttls"
    SECURITY_NONE = "security_none"
    SECURITY_UNSPECIFIED = "security_unspecified"
    USERNAME_FULL = "username_full_address"
    USERNAME_LOCAL = "username_local_part"
    USERNAME_OTHER = "username_other"
    CAVEAT = "caveat"
    SOURCE = "source"
    SOURCE_UNDATED = "source_undated"
    SOURCE_OFFICIAL = "source_official"
    SOURCE_SECONDARY = "source_secondary"
    SOURCE_LOOK = "source_look"
    SOURCE_ARTICLE = "source_article"
    SOURCE_UNVERIFIED = "source_unverified"
    PAGE_LABEL = "page_label"
    NO_VALUES = "no_values"
    NO_VALUES_DRAFT = "no_values_draft"
    NO_VALUES_PAGE = "no_values_page"
    NO_VALUES_ROLE = "no_values_role"
    NO_VALUES_PROTOCOL = "no_values_protocol"
    UNKNOWN_PROVIDER = "unknown_provider"
    PROVIDER_ENDED = "provider_ended"
    OTHER_PROTOCOL = "other_protocol"
    # comparing
    COMPARE_TITLE = "compare_title"
    COMPARE_WRONG = "compare_wrong"
    COMPARE_SOME_RIGHT = "compare_some_right"
    COMPARE_ALL_RIGHT = "compare_all_right"
    COMPARE_CHANGE = "compare_change"
    COMPARE_INCOMING = "compare_incoming"
    COMPARE_OUTGOING = "compare_outgoing"
    COMPARE_INCOMING_VALUES = "compare_incoming_values"
    COMPARE_OUTGOING_VALUES = "compare_outgoing_values"
    COMPARE_PORT = "compare_port"
    COMPARE_SSL_ON = "compare_ssl_on"
    COMPARE_SSL_OFF = "compare_ssl_off"
    # steps, dates, codes
    STEPS_TITLE = "steps_title"
    STEPS_UNKNOWN_CLIENT = "steps_unknown_client"
    ERROR_TITLE = "error_title"
    ERROR_CAUSES = "error_causes"
    ERROR_FIRST = "error_first"
    ERROR_TEMPORARY = "error_temporary"
    ERROR_UNKNOWN = "error_unknown"
    # the temporary measure
    TEMPORARY_INTRO = "temporary_intro"
    TEMPORARY_TITLE = "temporary_title"
    TEMPORARY_RISK = "temporary_risk"
    TEMPORARY_BACK = "temporary_back"
    TEMPORARY_NONE = "temporary_none"
    TEMPORARY_LIVEMAIL = "temporary_livemail"
    TEMPORARY_NOTED = "temporary_noted"
    REVERT_REMINDER = "revert_reminder"
    # shop
    PRICE_TITLE = "price_title"
    PRICE_UNSET = "price_unset"
    OFFER_MIGRATION = "offer_migration"
    OFFER_HANDOFF = "offer_handoff"
    # contact
    ASK_CONTACT = "ask_contact"
    ASK_CONTACT_MIGRATION = "ask_contact_migration"
    ASK_CONTACT_OPTIONAL = "ask_contact_optional"
    ASK_CONTACT_AGAIN = "ask_contact_again"
    ASK_NAME = "ask_name"
    ASK_PHONE = "ask_phone"
    ASK_PHONE_OPTIONAL = "ask_phone_optional"
    ASK_TIME = "ask_time"
    PHONE_BROKEN = "phone_broken"
    CONTACT_SUMMARY = "contact_summary"
    CONTACT_ADDED = "contact_added"
    CONTACT_DECLINED = "contact_declined"
    OFFER_DECLINED = "offer_declined"
    CONTACT_NAME = "contact_name"
    CONTACT_PHONE = "contact_phone"
    CONTACT_TIME = "contact_time"
    # hand-off
    HANDOFF_OPENED = "handoff_opened"
    HANDOFF_PHONE = "handoff_phone"
    HANDOFF_NOTED = "handoff_noted"
    HANDOFF_ALREADY = "handoff_already"
    MIGRATION_OPENED = "migration_opened"
    MIGRATION_NOTED = "migration_noted"
    HANDOFF_WAITING = "handoff_waiting"
    HANDOFF_CANCELLED = "handoff_cancelled"
    HANDOFF_TAKEN = "handoff_taken"
    HANDOFF_RELEASED = "handoff_released"
    HANDOFF_RETURNED = "handoff_returned"
    HANDOFF_CLOSED = "handoff_closed"
    REASON_ASKED = "reason_asked"
    REASON_NOT_RESOLVED = "reason_not_resolved"
    REASON_MIGRATION = "reason_migration"
    # the desk
    TICKET_HANDOFF = "ticket_handoff"
    TICKET_MIGRATION = "ticket_migration"
    TICKET_STATE_WAITING = "ticket_state_waiting"
    TICKET_STATE_TAKEN = "ticket_state_taken"
    TICKET_STATE_CLOSED = "ticket_state_closed"
    TICKET_ROW_CUSTOMER = "ticket_row_customer"
    TICKET_ROW_REASON = "ticket_row_reason"
    TICKET_ROW_PROVIDER = "ticket_row_provider"
    TICKET_ROW_CLIENT = "ticket_row_client"
    TICKET_ROW_CODE = "ticket_row_code"
    TICKET_ROW_NUMBERS = "ticket_row_numbers"
    TICKET_ROW_CONTACT = "ticket_row_contact"
    TICKET_ROW_TIME = "ticket_row_time"
    TICKET_UNNAMED = "ticket_unnamed"
    TICKET_LINE_CUSTOMER = "ticket_line_customer"
    TICKET_LINE_BOT = "ticket_line_bot"
    TICKET_LINE_OPERATOR = "ticket_line_operator"
    DESK_CUSTOMER_SAYS = "desk_customer_says"
    DESK_CUSTOMER_STICKER = "desk_customer_sticker"
    DESK_CUSTOMER_MEDIA = "desk_customer_media"
    DESK_CUSTOMER_CANCELLED = "desk_customer_cancelled"
    DESK_CUSTOMER_LEFT = "desk_customer_left"
    DESK_CUSTOMER_UNSENT = "desk_customer_unsent"
    DESK_NO_MEDIA = "desk_no_media"
    DESK_TAKEN = "desk_taken"
    DESK_ALREADY_TAKEN = "desk_already_taken"
    DESK_ALREADY_CLOSED = "desk_already_closed"
    DESK_NOT_YOURS = "desk_not_yours"
    DESK_NOT_TAKEN_YET = "desk_not_taken_yet"
    DESK_RELEASED = "desk_released"
    DESK_RETURNED = "desk_returned"
    DESK_CLOSED = "desk_closed"
    # small talk
    WELCOME = "welcome"
    CONSOLE_START = "console_start"
    CONSOLE_WELCOME = "console_welcome"
    EMPTY = "empty"
    STICKER = "sticker"
    STICKER_THANKS = "sticker_thanks"
    PICTURE = "picture"
    OTHER_MEDIA = "other_media"
    PASSWORD_SEEN = "password_seen"  # noqa: S105 - the name of a text about passwords
    TOO_QUICK = "too_quick"
    MISS = "miss"
    MISS_AGAIN = "miss_again"
    MISS_TERSE = "miss_terse"
    SORRY = "sorry"
    SORRY_FIRST = "sorry_first"
    NOTED_PROVIDER = "noted_provider"
    NOTED_CORRECTION = "noted_correction"
    ACKNOWLEDGED = "acknowledged"
    # what a look at the servers found
    LOOK_VALID = "look_certificate_valid"
    LOOK_EXPIRED = "look_certificate_expired"
    LOOK_WRONG_NAME = "look_certificate_wrong_name"
    LOOK_NOT_TRUSTED = "look_certificate_not_trusted"
    LOOK_UNREACHABLE = "look_unreachable"
    # said by the service itself
    DEAD_LETTER = "dead_letter"
    STAFF_HELP = "staff_help"
    FAILED = "failed"
    FAILED_ALERT = "failed_alert"
    # learning from misses
    LEARN_QUESTION = "learn_question"
    LEARN_WHICH = "learn_which"
    LEARN_OTHERS = "learn_others"
    LEARN_UNKNOWN = "learn_unknown"
    LEARN_DENIED = "learn_denied"
    LEARN_HANDED_OFF = "learn_handed_off"
    LEARN_LABELLED = "learn_labelled"
    LEARN_IGNORED = "learn_ignored"
    LEARN_ALREADY = "learn_already"
    LEARN_EXPORTED = "learn_exported"
    LEARN_INTENT_GONE = "learn_intent_gone"
    LEARN_WITHDRAWN = "learn_withdrawn"
    LEARN_PATCH = "learn_patch"
    DIGEST_COUNTS = "digest_counts"
    DIGEST_HINT = "digest_hint"
    DIGEST_CLUSTERS = "digest_clusters"
    DIGEST_CLUSTER = "digest_cluster"
    DIGEST_HOW = "digest_how"
    DIGEST_NOTHING_OPEN = "digest_nothing_open"
    CONTENT_REFUSED = "content_refused"
    CONTENT_RENEWED = "content_renewed"
    # words for gaps
    SOME_PROVIDER = "some_provider"
    SOME_CLIENT = "some_client"
    SOME_PAGE = "some_page"
    SOME_CODE = "some_code"


def said(library: Library, wording: Wording, /, **values: object) -> str:
    """The text called *wording*, with *values* filled in."""
    return library.messages[wording].format_map(values).strip()


def known(slots: Slots, library: Library) -> dict[str, str]:
    """What is known of the talk and of the shop, for the placeholders of any text."""
    provider = library.providers.get(slots.provider or "")
    client = library.clients.get(slots.client or "")
    shop = library.shop
    return {
        "provider": provider.name if provider else library.messages[Wording.SOME_PROVIDER],
        "client": client.name if client else library.messages[Wording.SOME_CLIENT],
        "code": slots.error_code or library.messages[Wording.SOME_CODE],
        "domain": slots.unknown_domain or "",
        "page": (provider.official_page if provider else "") or library.messages[Wording.SOME_PAGE],
        "shop": shop.name,
        "phone": shop.phone,
        "hours": shop.hours,
        "closed": shop.closed,
        "address": shop.address,
        "visit": shop.visit,
    }
