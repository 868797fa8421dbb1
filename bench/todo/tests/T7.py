def ids(response):
    assert response.status_code == 200
    listed = response.json()
    assert listed["total"] == len(listed["items"])
    return [todo["id"] for todo in listed["items"]]


def test_ac18_creating_and_replacing_take_a_priority(client):
    response = client.post("/todos", json={"title": "Buy milk", "priority": "high"})
    assert response.status_code == 201
    assert response.json()["priority"] == "high"
    response = client.put("/todos/1", json={"title": "Buy milk", "priority": "low"})
    assert response.status_code == 200
    assert response.json()["priority"] == "low"
    response = client.put("/todos/1", json={"title": "Buy milk"})
    assert response.status_code == 200
    assert response.json()["priority"] == "normal"


def test_ac19_another_priority_is_refused(client):
    wrong = {"title": "Buy milk", "priority": "urgent"}
    assert client.post("/todos", json=wrong).status_code == 422
    assert client.get("/todos").json()["total"] == 0


def test_ac20_the_list_can_be_filtered(client):
    client.post("/todos", json={"title": "a", "priority": "high"})
    client.post("/todos", json={"title": "b", "priority": "high", "done": True})
    client.post("/todos", json={"title": "c", "priority": "low", "done": True})
    assert ids(client.get("/todos?done=true")) == [2, 3]
    assert ids(client.get("/todos?done=false")) == [1]
    assert ids(client.get("/todos?priority=high")) == [1, 2]
    assert ids(client.get("/todos?done=true&priority=high")) == [2]


def test_ac21_a_filter_with_another_value_is_refused(client):
    assert client.get("/todos?done=maybe").status_code == 422
    assert client.get("/todos?priority=urgent").status_code == 422
