"""LINE's rules for message objects, as facts: what a strict Messaging API answers 400 to.

From LINE's OpenAPI document (property names, enums, maxItems, maxLength) and its pages on text counting, Flex and actions.
"""

from __future__ import annotations

import json
import re

import regex

TEXT_UNITS = 5000
ALT_TEXT_UNITS = 1500
BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
MESSAGES = 5
QUICK_REPLIES = 13
LABEL_CLUSTERS = 20
SPOKEN_CLUSTERS = 300
DATA_UNITS = 300
URI_UNITS = 1000
CLIPBOARD_UNITS = 1000
SENDER_UNITS = 20

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_PIXELS = r"\d+(\.\d+)?px"
_URI = re.compile(r"(https?|line|tel):\S+")
_BUBBLE_SIZES = {"nano", "micro", "deca", "hecto", "kilo", "mega", "giga"}
_OFFSETS = {"position", "offsetTop", "offsetBottom", "offsetStart", "offsetEnd"}
_PADDINGS = {"paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"}

_MESSAGE_KEYS = {
    "text": {"type", "text", "emojis", "quoteToken", "quickReply", "sender"},
    "image": {"type", "originalContentUrl", "previewImageUrl", "quickReply", "sender"},
    "flex": {"type", "altText", "contents", "quickReply", "sender"},
}
_ACTION_KEYS = {
    "postback": {"type", "label", "data", "displayText", "text", "inputOption", "fillInText"},
    "message": {"type", "label", "text"},
    "uri": {"type", "label", "uri", "altUri"},
    "clipboard": {"type", "label", "clipboardText"},
}
_COMPONENT_KEYS = {
    "box": {
        "type", "layout", "flex", "contents", "spacing", "margin", "backgroundColor", "borderColor", "borderWidth",
        "cornerRadius", "width", "maxWidth", "height", "maxHeight", "action", "justifyContent", "alignItems", "background",
        *_OFFSETS, *_PADDINGS,
    },
    "text": {
        "type", "flex", "text", "size", "align", "gravity", "color", "weight", "style", "decoration", "wrap", "lineSpacing",
        "margin", "action", "maxLines", "contents", "adjustMode", "scaling", *_OFFSETS,
    },
    "button": {
        "type", "flex", "color", "style", "action", "gravity", "margin", "height", "adjustMode", "scaling", *_OFFSETS,
    },
    "separator": {"type", "margin", "color"},
}  # fmt: skip
_LOOKS = {
    "layout": re.compile("horizontal|vertical|baseline"),
    "weight": re.compile("regular|bold"),
    "gravity": re.compile("top|bottom|center"),
    "align": re.compile("start|end|center"),
    "decoration": re.compile("none|underline|line-through"),
    "justifyContent": re.compile("center|flex-start|flex-end|space-between|space-around|space-evenly"),
    "alignItems": re.compile("center|flex-start|flex-end"),
    "style": re.compile("primary|secondary|link|normal|italic"),
    "size": re.compile(rf"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{_PIXELS}"),
    "margin": re.compile(rf"none|xs|sm|md|lg|xl|xxl|{_PIXELS}"),
    "spacing": re.compile(rf"none|xs|sm|md|lg|xl|xxl|{_PIXELS}"),
    "color": _COLOUR,
    "backgroundColor": _COLOUR,
    "borderColor": _COLOUR,
    "wrap": re.compile("True|False"),
    "scaling": re.compile("True|False"),
    "flex": re.compile(r"\d+"),
}

Fault = dict[str, str]


def faults_of(messages: object) -> list[Fault]:
    """Everything LINE would refuse in *messages*, as the `details` of its answer."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MESSAGES:
        return [_fault("messages", f"Size must be between 1 and {MESSAGES}")]
    return [
        fault
        for place, message in enumerate(messages)
        for fault in _message_faults(message, f"messages[{place}]")
    ]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> int:
    return len(regex.findall(r"\X", text))


def _message_faults(message: object, at: str) -> list[Fault]:
    if not isinstance(message, dict) or message.get("type") not in _MESSAGE_KEYS:
        return [_fault(f"{at}/type", "unknown type")]
    faults = _unknown(message, _MESSAGE_KEYS[message["type"]], at)
    if message["type"] == "image":
        for name in ("originalContentUrl", "previewImageUrl"):
            url = message.get(name)
            if not isinstance(url, str) or not url.startswith("https://") or len(url) > 2000:
                faults.append(_fault(f"{at}/{name}", "must be an address with https"))
    elif message["type"] == "text":
        faults += _text_faults(message.get("text"), TEXT_UNITS, f"{at}.text")
    else:
        faults += _text_faults(message.get("altText"), ALT_TEXT_UNITS, f"{at}.altText")
        faults += _container_faults(message.get("contents"), f"{at}.contents")
    if "quickReply" in message:
        faults += _quick_reply_faults(message["quickReply"], f"{at}.quickReply")
    if "sender" in message:
        faults += _unknown(message["sender"], {"name", "iconUrl"}, f"{at}.sender")
        faults += _text_faults(message["sender"].get("name"), SENDER_UNITS, f"{at}.sender.name")
    return faults


def _quick_reply_faults(quick_reply: dict[str, object], at: str) -> list[Fault]:
    items = quick_reply.get("items")
    faults = _unknown(quick_reply, {"items"}, at)
    if not isinstance(items, list) or not 1 <= len(items) <= QUICK_REPLIES:
        return [*faults, _fault(f"{at}.items", f"Size must be between 1 and {QUICK_REPLIES}")]
    for place, item in enumerate(items):
        here = f"{at}.items[{place}]"
        faults += _unknown(item, {"type", "imageUrl", "action"}, here)
        if item.get("type") != "action":
            faults.append(_fault(f"{here}.type", "must be action"))
        faults += _action_faults(item.get("action"), f"{here}.action", labelled=True)
    return faults


def _action_faults(action: object, at: str, *, labelled: bool) -> list[Fault]:
    if not isinstance(action, dict) or action.get("type") not in _ACTION_KEYS:
        return [_fault(f"{at}/type", "unknown type")]
    faults = _unknown(action, _ACTION_KEYS[action["type"]], at)
    if labelled or "label" in action:
        faults += _text_faults(action.get("label"), LABEL_CLUSTERS, f"{at}.label", clusters)
    match action["type"]:
        case "postback":
            faults += _text_faults(action.get("data"), DATA_UNITS, f"{at}.data")
            if "displayText" in action:
                faults += _text_faults(action["displayText"], SPOKEN_CLUSTERS, f"{at}.displayText", clusters)
        case "message":
            faults += _text_faults(action.get("text"), SPOKEN_CLUSTERS, f"{at}.text", clusters)
        case "uri":
            faults += _text_faults(action.get("uri"), URI_UNITS, f"{at}.uri")
            if not _URI.fullmatch(str(action.get("uri"))):
                faults.append(_fault(f"{at}.uri", "invalid uri scheme"))
        case "clipboard":
            faults += _text_faults(action.get("clipboardText"), CLIPBOARD_UNITS, f"{at}.clipboardText")
    return faults


def _container_faults(container: object, at: str) -> list[Fault]:
    if not isinstance(container, dict) or container.get("type") not in ("bubble", "carousel"):
        return [_fault(f"{at}/type", "unknown type")]
    if container["type"] == "bubble":
        return _bubble_faults(container, at)
    bubbles = container.get("contents", [])
    faults = _unknown(container, {"type", "contents"}, at)
    if not 1 <= len(bubbles) <= 12:
        faults.append(_fault(f"{at}.contents", "Size must be between 1 and 12"))
    if len(json.dumps(container)) > CAROUSEL_BYTES:
        faults.append(_fault(at, "carousel is larger than 50 KB"))
    return faults + [
        fault for place, bubble in enumerate(bubbles) for fault in _bubble_faults(bubble, f"{at}[{place}]")
    ]


def _bubble_faults(bubble: dict[str, object], at: str) -> list[Fault]:
    blocks = ("header", "hero", "body", "footer")
    faults = _unknown(bubble, {"type", "size", "direction", "styles", "action", *blocks}, at)
    if bubble.get("size", "mega") not in _BUBBLE_SIZES:
        faults.append(_fault(f"{at}.size", "invalid property"))
    if not any(block in bubble for block in blocks):
        faults.append(_fault(at, "at least one block must be specified"))
    if len(json.dumps(bubble)) > BUBBLE_BYTES:
        faults.append(_fault(at, "bubble is larger than 30 KB"))
    for block in blocks:
        if block in bubble:
            faults += _component_faults(bubble[block], f"{at}.{block}")
    return faults


def _component_faults(component: object, at: str) -> list[Fault]:
    if not isinstance(component, dict) or component.get("type") not in _COMPONENT_KEYS:
        return [_fault(f"{at}/type", "unknown type")]
    kind = component["type"]
    faults = _unknown(component, _COMPONENT_KEYS[kind], at)
    faults += [
        _fault(f"{at}.{name}", "invalid property")
        for name, allowed in _LOOKS.items()
        if name in component and not allowed.fullmatch(str(component[name]))
    ]
    if kind == "box":
        faults += _contents_faults(component, at)
    if kind == "text":
        faults += _text_faults(component.get("text"), BUBBLE_BYTES, f"{at}.text")
    if "action" in component or kind == "button":
        faults += _action_faults(component.get("action"), f"{at}.action", labelled=kind == "button")
    return faults


def _contents_faults(box: dict[str, object], at: str) -> list[Fault]:
    contents = box.get("contents")
    if "layout" not in box or not isinstance(contents, list):
        return [_fault(at, "layout and contents are required")]
    return [
        fault
        for place, child in enumerate(contents)
        for fault in _component_faults(child, f"{at}.contents[{place}]")
    ]


def _text_faults(text: object, limit: int, at: str, measure: object = units) -> list[Fault]:
    if not isinstance(text, str) or not text.strip():
        return [_fault(at, "May not be empty")]
    if re.search("[\ud800-\udfff\x00]", text):
        return [_fault(at, "invalid character")]
    return [_fault(at, f"Length must be between 0 and {limit}")] if measure(text) > limit else []


def _unknown(fields: object, known: set[str], at: str) -> list[Fault]:
    if not isinstance(fields, dict):
        return [_fault(at, "must be an object")]
    return [_fault(f"{at}.{name}", "unknown property") for name in fields if name not in known]


def _fault(at: str, message: str) -> Fault:
    return {"message": message, "property": at}
