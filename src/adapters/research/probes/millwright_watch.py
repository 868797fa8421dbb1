"""What a training does, seen from the optimizer and the clock, whatever its log says."""

import time

_REAL = {name: getattr(time, name) for name in ("perf_counter", "monotonic", "time", "process_time")}


class Clock:
    """Stands in for Python's clocks: the real ones, or a pretended one that only moves when it is told to."""

    def __init__(self):
        self.pretended = None
        self._read = dict(_REAL)
        for name, real in _REAL.items():
            setattr(time, name, self._clock(real))
            setattr(time, name + "_ns", self._nanoseconds(real))

    def _clock(self, real):
        return lambda: real() if self.pretended is None else self.pretended

    def _nanoseconds(self, real):
        return lambda: int(1e9 * (real() if self.pretended is None else self.pretended))

    def real(self):
        return self._read["perf_counter"]()


class Steps:
    """Every step of every optimizer of one class."""

    def __init__(self, example, clock):
        self._class = type(example)
        self._before = self._class.step
        self._clock = clock
        self.rates, self.gradients, self.parameters, self.moments = [], {}, {}, []
        self.keep_gradients, self.keep_parameters, self.offset = (), (), 0

    def __enter__(self):
        inner, seen = self._before, self

        def step(optimizer, *args, **named):
            seen._look(optimizer)
            result = inner(optimizer, *args, **named)
            seen._after(optimizer)
            return result

        step.hooked = True
        self._class.step = step
        return self

    def __exit__(self, *_):
        self._class.step = self._before

    def _number(self):
        return len(self.rates) - 1 + self.offset

    def _look(self, optimizer):
        self.rates.append([float(group["lr"]) for group in optimizer.param_groups])
        if self._number() in self.keep_gradients:
            self.gradients[self._number()] = [_copy(one.grad) for one in parameters_of(optimizer)]

    def _after(self, optimizer):
        self.moments.append(self._clock.real())
        if self._number() in self.keep_parameters:
            self.parameters[self._number()] = [_copy(one) for one in parameters_of(optimizer)]


def parameters_of(optimizer):
    return [one for group in optimizer.param_groups for one in group["params"]]


def _copy(tensor):
    return None if tensor is None else tensor.detach().clone()
