import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy import create_engine

from app.database import Base, get_db
from app.main import api


@pytest.fixture
def client():
    """The whole API over an empty database of its own."""
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool
    )
    Base.metadata.create_all(bind=engine)
    sessions = sessionmaker(bind=engine, autoflush=False)

    def database_of_this_test():
        db = sessions()
        try:
            yield db
        finally:
            db.close()

    api.dependency_overrides[get_db] = database_of_this_test
    yield TestClient(api)
    api.dependency_overrides.clear()
    engine.dispose()
