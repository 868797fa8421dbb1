def test_ac31_completing_marks_todos_done_and_counts_them(client):
    for title in "abc":
        client.post("/todos", json={"title": title})
    response = client.put("/todos/complete", json={"ids": [1, 2]})
    assert response.status_code == 200
    assert response.json() == {"completed": 2}
    listed = client.get("/todos").json()["items"]
    assert [todo["done"] for todo in listed] == [True, True, False]


def test_ac32_done_and_repeated_ids_are_not_counted(client):
    client.post("/todos", json={"title": "a", "done": True})
    client.post("/todos", json={"title": "b"})
    response = client.put("/todos/complete", json={"ids": [1, 2, 2]})
    assert response.status_code == 200
    assert response.json() == {"completed": 1}


def test_ac33_an_unknown_id_changes_nothing(client):
    client.post("/todos", json={"title": "a"})
    response = client.put("/todos/complete", json={"ids": [1, 42, 7]})
    assert response.status_code == 404
    assert response.json() == {"detail": "Todo 42 not found"}
    assert client.get("/todos/1").json()["done"] is False


def test_ac34_an_empty_list_is_refused(client):
    assert client.put("/todos/complete", json={"ids": []}).status_code == 422
    client.post("/todos", json={"title": "a"})
    assert client.put("/todos/complete", json={"ids": [1]}).status_code == 200
