def test_health_answers_ok(client):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_an_unknown_path_is_not_found(client):
    assert client.get("/nothing-here").status_code == 404
