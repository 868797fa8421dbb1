import os

from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

DATABASE_URL = os.environ.get("LIBRARY_DATABASE", "sqlite:///./library.db")


def engine_for(url):
    return create_engine(url, connect_args={"check_same_thread": False})


engine = engine_for(DATABASE_URL)
SessionLocal = sessionmaker(bind=engine, autoflush=False)
Base = declarative_base()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
