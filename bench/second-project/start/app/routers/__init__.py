"""Every module here offers one APIRouter, under any name."""
import importlib
import pkgutil

from fastapi import APIRouter


def found_routers():
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        yield from (value for value in vars(module).values() if isinstance(value, APIRouter))
