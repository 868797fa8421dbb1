from datetime import datetime, timedelta, timezone


def stats(client, query="?on=2026-03-01"):
    response = client.get(f"/todos/stats{query}")
    assert response.status_code == 200
    return response.json()


def test_ac35_an_empty_database_has_zeros(client):
    assert stats(client) == {
        "total": 0,
        "done": 0,
        "open": 0,
        "overdue": 0,
        "by_priority": {"low": 0, "normal": 0, "high": 0},
    }


def test_ac36_the_numbers_count_the_todos(client):
    client.post("/todos", json={"title": "a", "priority": "high", "due": "2026-02-28"})
    client.post("/todos", json={"title": "b", "priority": "high", "done": True})
    client.post("/todos", json={"title": "c", "priority": "low", "due": "2026-03-01"})
    client.post("/todos", json={"title": "d", "priority": "low"})
    assert stats(client) == {
        "total": 4,
        "done": 1,
        "open": 3,
        "overdue": 1,
        "by_priority": {"low": 2, "normal": 0, "high": 2},
    }


def test_ac37_without_a_day_it_is_today_in_utc(client):
    yesterday = datetime.now(timezone.utc).date() - timedelta(days=1)
    client.post("/todos", json={"title": "a", "due": str(yesterday)})
    client.post("/todos", json={"title": "b", "due": "9999-01-01"})
    assert stats(client, "")["overdue"] == 1
