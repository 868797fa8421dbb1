def test_health_answers_ok(client):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


def test_health_asks_a_real_sqlite_database(client):
    assert client.get("/health").json()["database"] == "sqlite"


def test_unknown_route_is_not_found(client):
    assert client.get("/nothing-here").status_code == 404
