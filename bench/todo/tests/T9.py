def fill(client, count):
    for number in range(count):
        client.post("/todos", json={"title": f"number {number}"})


def test_ac25_a_page_has_20_todos_unless_the_caller_says_otherwise(client):
    fill(client, 21)
    listed = client.get("/todos").json()
    assert len(listed["items"]) == 20
    assert listed["total"] == 21
    assert listed["limit"] == 20
    assert listed["offset"] == 0


def test_ac26_limit_and_offset_cut_a_page(client):
    fill(client, 5)
    listed = client.get("/todos?limit=2&offset=1").json()
    assert [todo["id"] for todo in listed["items"]] == [2, 3]
    assert listed["total"] == 5
    assert listed["limit"] == 2
    assert listed["offset"] == 1
    assert client.get("/todos?offset=9").json()["items"] == []


def test_ac27_numbers_out_of_range_are_refused(client):
    assert client.get("/todos?limit=0").status_code == 422
    assert client.get("/todos?limit=101").status_code == 422
    assert client.get("/todos?offset=-1").status_code == 422
    assert client.get("/todos?limit=1").json()["limit"] == 1
    assert client.get("/todos?limit=100").json()["limit"] == 100
