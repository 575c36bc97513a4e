"""Every sentence about a fault is used, and gets what it asks for."""

from __future__ import annotations

import ast
from pathlib import Path

import bot
from bot.content.intents import placeholders
from bot.content.telling import sentences, term

CODE = Path(bot.__file__).parent
BY_KEY = {"no_such_intent", "no_such_provider", "no_such_client"}  # told(f"no_such_{key}", …)
BY_CHECK = {"domain_twice", "name_twice"}  # handed on by name


def told_in_the_code():
    """Each call of `told` with a plain name: the name, and the facts that it is given."""
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "told" and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    yield name.value, {fact.arg for fact in node.keywords}


def test_the_code_and_the_file_know_the_same_sentences():
    written = {name for name, sentence in sentences().items() if isinstance(sentence, str)}

    assert {name for name, _ in told_in_the_code()} | BY_KEY | BY_CHECK == written


def test_a_sentence_gets_the_facts_that_it_names():
    given = dict(told_in_the_code())

    assert {name: set(placeholders(sentences()[name])) for name in given} == given


def test_a_term_that_a_group_does_not_know_stands_for_itself():
    assert (term("of_slots", "client"), term("of_slots", "colour")) == ("メールソフト", "colour")
