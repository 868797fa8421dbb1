def test_ac9_an_empty_database_has_an_empty_list(client):
    response = client.get("/todos")
    assert response.status_code == 200
    assert response.json()["items"] == []
    assert response.json()["total"] == 0


def test_ac10_the_list_holds_all_todos_lowest_id_first(client):
    created = [client.post("/todos", json={"title": title}).json() for title in "cab"]
    response = client.get("/todos")
    assert response.status_code == 200
    assert response.json()["items"] == created
    assert response.json()["total"] == 3
