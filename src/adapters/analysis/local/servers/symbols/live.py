"""What classes and functions of the standard library offer, as the interpreter that runs this has them."""
import collections
import datetime
import dis
import inspect
import itertools
import logging
import re
from typing import ParamSpec, TypeVar


def live_members(value):
    """The members of a class of the standard library; None where its metaclass makes them up."""
    if not inspect.isclass(value) or hasattr(value, "__getattr__") or type(value).__name__ not in ("type", "ABCMeta"):
        return None
    return set(dir(value)) | set(dir(type(value))) | written_members(value)


def written_members(value):
    """What the methods of a class that is written in Python put into something: `self.name = …` is in no `dir()`."""
    codes = [one.__code__ for kind in value.__mro__ for one in vars(kind).values() if inspect.isfunction(one)]
    return {one.argval for code in codes for one in dis.get_instructions(code) if one.opname == "STORE_ATTR"}


# What classes that are written in C take, though they do not say so.
UNSAID = {
    datetime.timedelta: "days seconds microseconds milliseconds minutes hours weeks",
    datetime.date: "year month day",
    datetime.datetime: "year month day hour minute second microsecond tzinfo fold",
    datetime.time: "hour minute second microsecond tzinfo fold",
    datetime.timezone: "offset name",
    itertools.product: "repeat",
    bytes: "source encoding errors",
    str: "object encoding errors",
    max: "key default",
    min: "key default",
    zip: "strict",
    bytearray: "source encoding errors",
    int: "base",
    complex: "real imag",
    enumerate: "iterable start",
    property: "fget fset fdel doc",
    collections.deque: "iterable maxlen",
    itertools.count: "start step",
    itertools.zip_longest: "fillvalue",
    itertools.repeat: "object times",
    itertools.groupby: "iterable key",
}
LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")
# They take any keyword, and hand all of them to one function that takes these.
LOGGING = {getattr(owner, level) for owner in (logging, logging.Logger) for level in LEVELS}
# What a function of the standard library gives back.
GIVEN_BACK = {logging.getLogger: logging.Logger, re.compile: re.Pattern}


def live_keywords(value):
    """The keywords of something of the standard library; None where it does not say, or takes any."""
    if is_hashable(value) and value in UNSAID:
        return UNSAID[value].split()
    if is_hashable(value) and value in LOGGING:
        return ["level", "msg", "exc_info", "extra", "stack_info", "stacklevel"]
    if value in (TypeVar, ParamSpec):
        return [one.name for one in inspect.signature(value).parameters.values()]
    if inspect.isclass(value) and (issubclass(value, BaseException) or value.__module__ in ("typing", "enum", "ctypes", "_ctypes")):
        return None
    try:
        parameters = inspect.signature(value).parameters.values()
    except (ValueError, TypeError):
        return None
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
        return None
    return [one.name for one in parameters if one.kind is not inspect.Parameter.POSITIONAL_ONLY]


def is_hashable(value):
    return getattr(type(value), "__hash__", None) is not None
