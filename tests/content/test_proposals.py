"""What operators said becomes YAML to look through, and then part of the owner's intents, if it passes the check."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.content.proposals import apply_patch, patch_text, read_patch
from bot.content.reading import Document, read_document
from bot.core.messages import Channel
from bot.core.misses import FiledMiss, Label, Miss
from bot.errors import ContentError, UsageError

RAMEN = "今夜はしょうゆラーメンが食べたい"
TODAY = date(2026, 4, 9)


def a_proposal(text, intent="ssl_warning", **changes):
    miss = Miss(id=text, text=text, reason="unknown", channel=Channel.LINE, said_on=date(2026, 4, 1))
    label = Label(intent=intent, by="U-ken", at=datetime(2026, 4, 2, tzinfo=UTC))
    return FiledMiss(miss=replace(miss, **changes), label=label)


@pytest.fixture(name="patch_of")
def _patch_of(folder):
    """The patch of these proposals, written and read again."""

    def patch_of(*proposals):
        path = folder.write(
            "patch.yaml", patch_text(proposals, {"ssl_warning": "警告が出る"}, ["見直してください"])
        )
        return read_patch(path, intents_dir=folder.intents)

    return patch_of


@pytest.fixture(name="apply")
def _apply(folder):
    return lambda patch: apply_patch(patch, intents_dir=folder.intents, providers_dir=None, today=TODAY)


def data_of(path):
    document = read_document(path)
    assert isinstance(document, Document), document
    return document.data


def test_the_file_names_phrase_and_test_and_who_said_so(folder):
    text = patch_text(
        [a_proposal(RAMEN)], {"ssl_warning": "警告が出る"}, ["見直してください", "madoguchi learn apply"]
    )

    assert text.splitlines() == [
        "# 見直してください",
        "# madoguchi learn apply",
        "intents:",
        "  # 警告が出る",
        "  ssl_warning:",
        "    phrases:",
        f"      - {RAMEN}",
        "    tests:",
        "      # 1x (unknown) -2026-04-01; U-ken 2026-04-02",
        f"      - say: {RAMEN}",
    ]


def test_messages_that_read_alike_are_one_phrase(patch_of):
    patch = patch_of(
        a_proposal("あれがまたなっとる"),
        a_proposal("アレがまたなっとる！", reason="denied"),
        a_proposal("きいろいしかくが邪魔"),
    )

    assert patch.record.intents["ssl_warning"].phrases == ("あれがまたなっとる", "きいろいしかくが邪魔")
    assert len(patch.record.intents["ssl_warning"].tests) == 2


def test_signs_of_templates_stand_for_themselves(patch_of):
    patch = patch_of(a_proposal("警告(黄色)が[また]出た|消えた # 何これ: だれ？"))

    (phrase,) = patch.record.intents["ssl_warning"].phrases
    assert phrase == "警告（黄色）が［また］出た｜消えた # 何これ: だれ？"
    assert (
        patch.record.intents["ssl_warning"].tests[0].say == "警告(黄色)が[また]出た|消えた # 何これ: だれ？"
    )


def test_a_long_story_is_a_test_and_no_phrase(patch_of):
    patch = patch_of(a_proposal("警告が出てきて困っています。" * 10))

    assert patch.record.intents["ssl_warning"].phrases == ()
    assert len(patch.record.intents["ssl_warning"].tests) == 1


def test_no_proposals_are_an_empty_file_that_can_be_applied(patch_of, apply):
    assert apply(patch_of()) == ()


def test_an_intent_that_the_owner_has_not_changed_is_copied_and_learns(folder, patch_of, apply):
    applied = apply(patch_of(a_proposal(RAMEN, "mailbox_full")))

    path = folder.intents / "mailbox_full.yaml"
    assert [(each.path, each.phrases, each.tests) for each in applied] == [(path, 1, 1)]
    assert data_of(path)["title"] == "メールの箱がいっぱい"
    assert data_of(path)["phrases"][-1] == RAMEN
    assert data_of(path)["tests"][-1] == {"say": RAMEN}


def test_the_owners_own_file_keeps_its_comments(folder, patch_of, apply):
    path = folder.write(
        "intents/own_matter.yaml",
        """
        id: own_matter   # mine
        title: 出前
        # how they say it
        phrases:
          - 出前をお願い   # May

        # ―― tests ――
        tests:
          - say: 出前をお願い
        """,
    )
    before = path.read_text(encoding="utf-8").splitlines()

    apply(patch_of(a_proposal(RAMEN, "own_matter")))

    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == [f"  - {RAMEN}", f"  - say: {RAMEN}"]
    assert [line for line in after if line in before] == before


def test_applying_twice_changes_nothing_more(folder, patch_of, apply):
    patch = patch_of(a_proposal(RAMEN, "mailbox_full"))
    apply(patch)
    once = (folder.intents / "mailbox_full.yaml").read_bytes()

    assert apply(patch) == ()
    assert (folder.intents / "mailbox_full.yaml").read_bytes() == once


def test_out_of_scope_is_learnt_like_any_intent(folder, patch_of, apply):
    apply(patch_of(a_proposal("メールが届かんのやけどラーメンの話", "out_of_scope")))

    assert "メールが届かんのやけどラーメンの話" in data_of(folder.intents / "out_of_scope.yaml")["phrases"]


def test_a_sentence_that_is_still_not_understood_is_refused_at_the_patchs_own_line(folder, apply):
    path = folder.write(
        "patch.yaml",
        f"""
        intents:
          mailbox_full:
            phrases: [箱がぱんぱん]
            tests:
              - say: 箱がぱんぱん
              - say: {RAMEN}
        """,
    )

    with pytest.raises(ContentError) as raised:
        apply(read_patch(path, intents_dir=folder.intents))

    (problem,) = raised.value.problems
    assert problem.startswith(
        f"patch.yaml:6: 「{RAMEN}」を思ったとおりに読めません（用件が「out_of_scope」になり"
    )
    assert not (folder.intents / "mailbox_full.yaml").exists()


def test_a_fault_that_was_there_before_is_told_at_the_owners_file(folder, patch_of, apply):
    folder.write("intents/own_matter.yaml", "id: own_matter\ntitel: 出前\n")

    with pytest.raises(ContentError) as raised:
        apply(patch_of(a_proposal(RAMEN, "mailbox_full")))

    assert {problem.partition(" ")[0] for problem in raised.value.problems} == {
        "intents/own_matter.yaml:1:",
        "intents/own_matter.yaml:2:",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "intents:\n  mailbox_ful:\n    phrases: [a]\n",
            "patch.yaml:2: 用件「mailbox_ful」はありません（",
        ),
        ("intents:\n  _messages:\n    phrases: [a]\n", "patch.yaml:2: 用件「_messages」はありません"),
        (
            "intents:\n  greeting:\n    phrase: [a]\n",
            "patch.yaml:3: 「intents.greeting.phrase」という項目はありません",
        ),
        ("intents:\n  greeting:\n    phrases:\n      - '[a'\n", "patch.yaml:4: "),
        ("intents:\n  greeting:\n    tests:\n      - a\n", "patch.yaml:4: "),
        ("intents: [\n", "patch.yaml:2: YAMLとして読めません"),
    ],
)
def test_faults_of_the_patch_are_told_with_their_line(folder, text, problem):
    path = folder.write("patch.yaml", text)

    with pytest.raises(ContentError) as raised:
        read_patch(path, intents_dir=folder.intents)

    assert raised.value.problems[0].startswith(problem)


def test_a_folder_that_is_not_there_is_a_wrong_use(folder, patch_of):
    with pytest.raises(UsageError):
        apply_patch(
            patch_of(a_proposal(RAMEN)), intents_dir=folder.root / "none", providers_dir=None, today=TODAY
        )
