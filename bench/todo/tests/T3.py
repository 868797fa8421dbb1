def test_ac7_reading_answers_what_was_created(client):
    milk = client.post("/todos", json={"title": "Buy milk"}).json()
    bread = client.post("/todos", json={"title": "Buy bread"}).json()
    response = client.get("/todos/1")
    assert response.status_code == 200
    assert response.json() == milk
    assert client.get("/todos/2").json() == bread


def test_ac8_an_unknown_id_is_not_found(client):
    response = client.get("/todos/42")
    assert response.status_code == 404
    assert response.json() == {"detail": "Todo 42 not found"}
