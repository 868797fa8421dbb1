def test_ac15_deleting_answers_204_without_a_body(client):
    client.post("/todos", json={"title": "Buy milk"})
    response = client.delete("/todos/1")
    assert response.status_code == 204
    assert response.content == b""


def test_ac16_a_deleted_todo_is_not_found(client):
    client.post("/todos", json={"title": "Buy milk"})
    assert client.delete("/todos/1").status_code == 204
    assert client.get("/todos/1").status_code == 404
    response = client.delete("/todos/1")
    assert response.status_code == 404
    assert response.json() == {"detail": "Todo 1 not found"}


def test_ac17_the_other_todos_stay(client):
    for title in "abc":
        client.post("/todos", json={"title": title})
    assert client.delete("/todos/2").status_code == 204
    listed = client.get("/todos").json()
    assert [todo["id"] for todo in listed["items"]] == [1, 3]
    assert listed["total"] == 2
