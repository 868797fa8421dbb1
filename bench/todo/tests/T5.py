def test_ac11_replacing_answers_and_stores_the_new_state(client):
    client.post("/todos", json={"title": "Buy milk"})
    body = {"title": "Buy bread", "description": "rye", "done": True}
    response = client.put("/todos/1", json=body)
    assert response.status_code == 200
    assert response.json()["id"] == 1
    assert response.json()["title"] == "Buy bread"
    assert response.json()["description"] == "rye"
    assert response.json()["done"] is True
    assert client.get("/todos/1").json() == response.json()


def test_ac12_what_is_left_out_goes_back_to_its_default(client):
    client.post("/todos", json={"title": "Buy milk", "description": "two", "done": True})
    response = client.put("/todos/1", json={"title": "Buy milk"})
    assert response.status_code == 200
    assert response.json()["description"] == ""
    assert response.json()["done"] is False


def test_ac13_replacing_an_unknown_id_is_not_found(client):
    response = client.put("/todos/42", json={"title": "Buy bread"})
    assert response.status_code == 404
    assert response.json() == {"detail": "Todo 42 not found"}


def test_ac14_a_wrong_body_changes_nothing(client):
    before = client.post("/todos", json={"title": "Buy milk"}).json()
    assert client.put("/todos/1", json={"title": ""}).status_code == 422
    assert client.get("/todos/1").json() == before
