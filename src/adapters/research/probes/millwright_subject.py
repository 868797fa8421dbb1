"""Loads the module of an experiment, as its own programs would see it."""

import importlib.util
import os
import sys


def load_subject(tree, path):
    place = os.path.join(tree, path)
    sys.path.insert(0, os.path.dirname(place))
    sys.path.insert(1, tree)
    spec = importlib.util.spec_from_file_location("millwright_subject_module", place)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
