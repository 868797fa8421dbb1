def test_ac4_a_title_has_1_to_200_characters(client):
    assert client.post("/todos", json={}).status_code == 422
    assert client.post("/todos", json={"title": ""}).status_code == 422
    assert client.post("/todos", json={"title": "a" * 201}).status_code == 422
    assert client.post("/todos", json={"title": "a"}).status_code == 201
    assert client.post("/todos", json={"title": "a" * 200}).status_code == 201


def test_ac5_a_description_has_at_most_1000_characters(client):
    long = {"title": "Buy milk", "description": "a" * 1000}
    assert client.post("/todos", json=long).status_code == 201
    longer = {"title": "Buy milk", "description": "a" * 1001}
    assert client.post("/todos", json=longer).status_code == 422


def test_ac6_a_refused_todo_is_not_stored(client):
    assert client.post("/todos", json={"title": ""}).status_code == 422
    assert client.post("/todos", json={"title": "Buy milk"}).json()["id"] == 1
