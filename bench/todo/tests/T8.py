def titles(response):
    assert response.status_code == 200
    return [todo["title"] for todo in response.json()["items"]]


def test_ac22_the_search_looks_into_title_and_description(client):
    client.post("/todos", json={"title": "Buy buttermilk"})
    client.post("/todos", json={"title": "Breakfast", "description": "MILK and bread"})
    client.post("/todos", json={"title": "Call Ann"})
    assert titles(client.get("/todos?q=milk")) == ["Buy buttermilk", "Breakfast"]
    assert client.get("/todos?q=milk").json()["total"] == 2


def test_ac23_percent_and_underscore_are_ordinary(client):
    client.post("/todos", json={"title": "100% cotton"})
    client.post("/todos", json={"title": "snake_case"})
    client.post("/todos", json={"title": "cotton"})
    assert titles(client.get("/todos?q=%25")) == ["100% cotton"]
    assert titles(client.get("/todos?q=_")) == ["snake_case"]


def test_ac24_search_and_filter_must_both_hold(client):
    client.post("/todos", json={"title": "milk", "done": True})
    client.post("/todos", json={"title": "milk shake"})
    client.post("/todos", json={"title": "bread", "done": True})
    assert titles(client.get("/todos?q=milk&done=true")) == ["milk"]
    assert titles(client.get("/todos?q=")) == ["milk", "milk shake", "bread"]
