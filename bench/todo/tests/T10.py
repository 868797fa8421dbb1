from datetime import datetime, timedelta, timezone


def overdue(client, query="?on=2026-03-01"):
    response = client.get(f"/todos/overdue{query}")
    assert response.status_code == 200
    return [todo["id"] for todo in response.json()["items"]]


def test_ac28_creating_and_replacing_take_a_date(client):
    response = client.post("/todos", json={"title": "Taxes", "due": "2026-03-01"})
    assert response.status_code == 201
    assert response.json()["due"] == "2026-03-01"
    response = client.put("/todos/1", json={"title": "Taxes", "due": "2026-04-01"})
    assert response.status_code == 200
    assert response.json()["due"] == "2026-04-01"
    wrong = {"title": "Taxes", "due": "2026-02-30"}
    assert client.post("/todos", json=wrong).status_code == 422


def test_ac29_overdue_todos_come_earliest_first(client):
    client.post("/todos", json={"title": "a", "due": "2026-02-28"})
    client.post("/todos", json={"title": "b", "due": "2026-02-27"})
    client.post("/todos", json={"title": "c", "due": "2026-02-27"})
    client.post("/todos", json={"title": "that day", "due": "2026-03-01"})
    client.post("/todos", json={"title": "done", "due": "2026-02-01", "done": True})
    client.post("/todos", json={"title": "without a date"})
    assert overdue(client) == [2, 3, 1]


def test_ac30_without_a_day_it_is_today_in_utc(client):
    today = datetime.now(timezone.utc).date()
    for days in (-1, 1):
        due = str(today + timedelta(days=days))
        client.post("/todos", json={"title": due, "due": due})
    assert overdue(client, "") == [1]
    assert client.get("/todos/overdue?on=yesterday").status_code == 422
