from __future__ import annotations

from datetime import UTC, datetime

from bot.core.safety.retention import continued, retention_job


def test_the_next_night_is_half_past_three_in_japan():
    noon = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)

    job = retention_job(noon)

    assert job.due_at == datetime(2026, 4, 1, 18, 30, tzinfo=UTC)
    assert job.id == "retention:2026-04-02"


def test_all_who_ask_on_one_day_get_the_same_job():
    asked = {retention_job(datetime(2026, 4, 1, hour, 0, tzinfo=UTC)).id for hour in range(18)}

    assert len(asked) == 1


def test_the_rest_of_a_night_is_a_job_of_its_own():
    now = datetime(2026, 4, 1, 18, 31, tzinfo=UTC)
    job = retention_job(datetime(2026, 4, 1, tzinfo=UTC))

    rest = continued(job, "lines:500", now)

    assert rest.id not in {job.id, retention_job(now).id}
    assert rest.details == {"place": "lines:500"}
