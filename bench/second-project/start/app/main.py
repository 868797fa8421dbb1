from fastapi import FastAPI

import app.models  # noqa: F401
from app.database import Base, engine
from app.routers import found_routers

api = FastAPI(title="Lending library")


@api.on_event("startup")
def create_tables():
    Base.metadata.create_all(bind=engine)


@api.get("/health")
def health():
    return {"status": "ok"}


for found in found_routers():
    api.include_router(found)
