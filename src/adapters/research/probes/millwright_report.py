"""One line a record, `<mac> <json>`, on a copy of standard output that only this module knows.

The key comes first on standard input and is read before any code of the subject is loaded.
"""

import hashlib
import hmac
import json
import math
import os
import sys


class Report:
    def __init__(self):
        lines = sys.stdin.buffer.read().split(b"\n", 1)
        key, self.job = lines[0], json.loads(lines[1])
        self._sign = lambda line: hmac.new(key, line, hashlib.sha256).hexdigest().encode()
        self._out = os.dup(1)
        os.set_inheritable(self._out, False)
        self._sequence = 0
        # What the subject prints is told apart from what is reported.
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)

    def write(self, kind, **record):
        line = json.dumps(_plain({"sequence": self._sequence, "kind": kind, **record})).encode()
        self._sequence += 1
        rest = b"\n" + self._sign(line) + b" " + line + b"\n"
        while rest:
            rest = rest[os.write(self._out, rest) :]


def _plain(value):
    """JSON knows no NaN: what is no number is told as null."""
    if isinstance(value, dict):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)[:2000]
    return number if math.isfinite(number) else None
