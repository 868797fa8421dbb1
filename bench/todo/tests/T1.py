def test_ac1_creating_answers_the_whole_todo(client):
    response = client.post("/todos", json={"title": "Buy milk"})
    assert response.status_code == 201
    assert response.json() == {
        "id": 1,
        "title": "Buy milk",
        "description": "",
        "done": False,
        "priority": "normal",
        "due": None,
    }


def test_ac2_creating_keeps_what_was_sent(client):
    body = {"title": "Buy milk", "description": "two bottles", "done": True}
    response = client.post("/todos", json=body)
    assert response.status_code == 201
    assert response.json()["title"] == "Buy milk"
    assert response.json()["description"] == "two bottles"
    assert response.json()["done"] is True


def test_ac3_the_second_todo_has_the_next_id(client):
    assert client.post("/todos", json={"title": "Buy milk"}).json()["id"] == 1
    assert client.post("/todos", json={"title": "Buy milk"}).json()["id"] == 2
