"""The workers' settings: ids only, nothing lost with a worker, each queue its own (MAIL-2, P23, P24)."""

from django.conf import settings

from portal.celery import app


def test_every_entry_of_the_timetable_is_in_beat() -> None:
    assert {entry["args"][0] for entry in app.conf.beat_schedule.values()} == set(settings.TIMETABLE)
    assert all(entry["options"]["expires"] == entry["schedule"] for entry in app.conf.beat_schedule.values())


def test_a_worker_serves_all_queues_and_none_gets_the_others_work() -> None:
    routes = {queue.name: (queue.exchange.name, queue.routing_key) for queue in app.conf.task_queues}
    assert routes == {name: (name, name) for name in ("codes", "notices", "bulk")}


def test_what_a_killed_worker_held_is_given_out_again() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_only_json_is_understood() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
