import { expect, it } from "vitest";
import { plainSandbox } from "../../../../../test/kit/analysis-ports.ts";
import { available } from "../../../../../test/kit/available.ts";
import { open } from "../../../../../test/kit/opened-analysis.ts";

const project = {
  "shop/__init__.py": "from .prices import total\n",
  "shop/prices.py": `from enum import Enum

def total(items, rate=1):
    return sum(items) * rate

def anything(**given):
    return given

class Basket:
    def __init__(self, owner):
        self.owner = owner

    def add(self, item):
        return self.check(item)

    def check(self, item):
        return item

class Gift(Basket):
    pass

class Kind(Enum):
    A = 1
`,
  "shop/reactor.py": "import sys\ndel sys.modules['shop.reactor']\n",
  "shop/cuts.py": `import sys
from typing import overload

if sys.argv:
    def cut(text, width=1):
        return text
else:
    def cut(text, depth=1):
        return text

@overload
def trim(text: str, width: int = 1) -> str: ...
@overload
def trim(text: None, width: int = 1) -> None: ...
def trim(text, width=1):
    return text
`,
  "shop/lazy.py": "def __getattr__(name):\n    return name\n",
  "shop/parts/__init__.py": "from .wheel import turn\n",
  "shop/parts/wheel.py": "def turn(speed=1):\n    return speed\n",
  "shop/whole.py": "from .parts import *\n",
};

async function said(text: string) {
  const { analysis, tree } = await open({ sandbox: plainSandbox() });
  const { diagnostics, tools } = await analysis.diagnose("symbols", tree({ ...project, "app.py": text }), ["app.py"]);
  expect(tools).toEqual([expect.stringMatching(/^symbols \(python 3\.\d+/)]);
  return diagnostics.map(({ line, code, message }) => {
    const near = /Did you mean (\S+)\?/.exec(message)?.[1];
    return `${line} ${code}${near === undefined ? "" : ` -> ${near}`}`;
  });
}

it.skipIf(!available.pytest).each([
  ["from shop.prices import total, totl", ["1 export-missing -> total"]],
  ["from shop import total, prices, lazy\nfrom shop.lazy import whatever", []],
  ["from shop.price import total", ["1 module-missing -> prices"]],
  ["from shop.db.session import total", ["1 module-missing"]],
  ["import jsonn", ["1 package-missing -> json"]],
  ["try:\n    import jsonn\nexcept ImportError:\n    jsonn = None", []],
  ["import json\njson.dumps(1)\njson.dump_string(1)", ["3 package-member-missing -> dumps"]],
  ["import shop.prices as p\np.total([1], rate=2)\np.total([1], discount=2)", ["3 argument-unknown"]],
  ["from shop.prices import total, anything\nanything(a=1)\ntotal([1], rat=2)", ["3 argument-unknown -> rate"]],
  [
    "from shop.prices import Gift\ngift = Gift(1)\ngift.add(1)\ngift.ad(1)\nprint(gift.owner)",
    ["4 member-missing -> add"],
  ],
  ["from shop.prices import Kind\nkind = Kind(1)\nkind.anything()", []],
  ["from datetime import datetime\ndatetime.now()\ndatetime.noww()", ["3 package-member-missing -> now"]],
  ["import os.path\nos.path.joinn('a')\nif hasattr(os, 'gone'):\n    os.gone()", ["2 package-member-missing -> join"]],
  ["from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop import Later", []],
  ["def f():\n    return undefined_name", ["2 name-undefined"]],
  ["class A:\n    def save(self):\n        self.sav()\nA().save()", ["3 member-missing -> save"]],
  ["class Plugin:\n    def go(self):\n        self.of_those_who_extend_it()", []],
  [
    "import json\ntry:\n    json.lodas('1')\nexcept ValueError:\n    json.loadz('2')",
    ["3 package-member-missing -> loads", "5 package-member-missing -> load"],
  ],
  ["import json\ntry:\n    json.lodas('1')\nexcept AttributeError:\n    pass", []],
  [
    "class Base:\n    def render(self, body):\n        return body\n    def send(self):\n        return self.render(bdoy=1)\n",
    ["5 argument-unknown -> body"],
  ],
  [
    "class Base:\n    def go(self):\n        self.extra(1)\nclass Heir(Base):\n    def extra(self, one):\n        pass\nHeir().go()",
    [],
  ],
  ["class Base:\n    def parse(self):\n        return self.parse_async()\n", ["3 member-missing -> parse"]],
  [
    "from dataclasses import dataclass\n@dataclass\nclass Price:\n    net: int\nPrice(net=1)\nPrice(nett=1)",
    ["6 argument-unknown -> net"],
  ],
  ["import subprocess\nsubprocess.run(['ls'], check=True)\nimport json\njson.dumps(1, indent=2, anything=3)", []],
  ["from shop.prices import Gift\nGift(owner=1)\nGift(onwer=1)", ["3 argument-unknown -> owner"]],
  [
    "class Bag:\n    def put(self, frame):\n        setattr(frame.state, 'x', 1)\n        self.puut(frame)\nBag()",
    ["4 member-missing -> put"],
  ],
  // A parameter of the same name elsewhere hides nothing here.
  [
    "import json\nfrom shop.prices import total\ndef a(json, total):\n    return total(json)\njson.lodas('1')\ntotal([], rat=1)",
    ["5 package-member-missing -> loads", "6 argument-unknown -> rate"],
  ],
  ["import json\ndef a(json):\n    return json.lodas('1')\nfor json in []:\n    json.lodas()", []],
  [
    "from shop import prices\nprices.totl([1])\nprices.Gift(onwer=1)",
    ["2 member-missing -> total", "3 argument-unknown -> owner"],
  ],
  ["def a():\n    from shop.prices import total\n    return total([], rat=1)", ["3 argument-unknown -> rate"]],
  [
    "from shop import prices\nclass Box(prices.Basket):\n    def __init__(self):\n        super().__init__(onwer=1)\n    def go(self):\n        self.chekc(1)",
    ["4 argument-unknown -> owner", "6 member-missing -> check"],
  ],
  [
    "from shop.prices import Basket\nclass Box(Basket):\n    def __init__(self):\n        self.inner = Basket(owner=1)\n    def go(self):\n        self.inner.add(itme=1)\n    def put(self, other):\n        other.add(itme=1)",
    ["6 argument-unknown -> item"],
  ],
  [
    "from shop.prices import Basket\nclass Box:\n    def __init__(self, inner=None):\n        self.inner = Basket(1)\n        if inner:\n            self.inner = inner\n    def go(self):\n        self.inner.add(itme=1)",
    [],
  ],
  [
    "class Box:\n    def __init__(self, width):\n        setattr(self, 'x', width)\n    @classmethod\n    def of(cls, width):\n        return cls(widht=width)",
    ["6 argument-unknown -> width"],
  ],
  [
    "from typing import NamedTuple\nclass Point(NamedTuple):\n    left: int\n    top: int = 0\nPoint(left=1)\nPoint(lfet=1)",
    ["6 argument-unknown -> left"],
  ],
  [
    "open('a', enocding='utf-8')\nprint(1, edn='')",
    ["1 package-argument-unknown -> encoding", "2 package-argument-unknown -> end"],
  ],
  ["open = anything = None\nopen('a', enocding='utf-8')", []],
  [
    "from typing import Mapping\nclass Book(Mapping):\n    def look(self):\n        return self.lokup() or self.lookk()",
    ["4 member-missing -> look"],
  ],
  ["class Base:\n    def get(self):\n        return self._get()\nclass Other:\n    def _get(self):\n        pass", []],
  // A class that the project makes something of: what nobody gives it is not there.
  [
    "class Reader:\n    def all_lines(self):\n        return self.decode_everything()\ndef use():\n    return [Reader() for _ in ()]\nclass Other(Reader):\n    pass",
    ["3 member-missing"],
  ],
  [
    "class Reader:\n    def all_lines(self):\n        return self.decode_everything()\nReader()\nclass Elsewhere:\n    def decode_everything(self):\n        pass\nclass Both(Reader, Elsewhere):\n    pass",
    [],
  ],
  [
    "class A:\n    def go(self):\n        try:\n            self.goo()\n        except Exception:\n            pass",
    ["4 member-missing -> go"],
  ],
  ["class Bag:\n    def put(self, name):\n        setattr(self, name, 1)\n        self.puut(name)\nBag()", []],
  // Keywords that are handed on to a function which takes no others.
  [
    "from shop.prices import total\ndef most(items, **rest):\n    return total(items, **rest)\nmost([], rate=2)\nmost([], rat=2)\nmost([], discount=2)",
    ["5 argument-unknown -> rate", "6 argument-unknown"],
  ],
  [
    "from shop.prices import total\ndef most(items, **rest):\n    rest.pop('off', None)\n    return total(items, **rest)\nmost([], off=2)",
    [],
  ],
  [
    "from shop.prices import Basket\nclass Box(Basket):\n    def __init__(self, size, **rest):\n        super().__init__(**rest)\nBox(size=1, owner=2)\nBox(size=1, onwer=2)",
    ["6 argument-unknown -> owner"],
  ],
  [
    "from shop.prices import total\ndef most(total, **rest):\n    return total([], **rest)\nmost(print, anything=2)",
    [],
  ],
  // What is called is an instance, a parameter whose class is written down, or the class itself.
  [
    "class Marker:\n    def __call__(self, first=None, last=None):\n        return first\nmark = Marker()\nmark(last=1)\nmark(alst=1)",
    ["6 argument-unknown -> last"],
  ],
  [
    "from shop.prices import Basket\ndef fill(count: int, basket: Basket, *more: Basket):\n    count.to_bytes(length=4, byteorderr='big')\n    basket.add(itme=1)\n    more.add(anything=1)",
    ["3 package-argument-unknown -> byteorder", "4 argument-unknown -> item"],
  ],
  [
    "class Box:\n    def __init__(self, width):\n        setattr(self, 'x', width)\n    def twice(self):\n        return type(self)(widht=1) or self.__class__(depth=2)",
    ["5 argument-unknown -> width", "5 argument-unknown -> width"],
  ],
  // Two letters that changed places, in a name that stands nowhere else, where nothing else is known.
  [
    "def a(parser):\n    parser.add(action='x')\n    parser.add(action='y')\n    parser.add(aciton='z')",
    ["4 argument-unknown -> action"],
  ],
  ["def a(parser):\n    parser.add(trail=1)\n    parser.add(trial=2, form=3)\n    parser.add(form=4)", []],
  [
    "def a(parser):\n    parser.add(action=1, action_all=2)\n    dict(action=1, aciton=2)\n    parser.add(action=1)",
    [],
  ],
  [
    "class Bag:\n    def put(self, other, name):\n        setattr(self, name, 1)\n        self.fetch_all(other)\n        self.fetch_all(name)\n        self.ftech_all(name)\n        self.other_thing()\n    def fetch_all(self, one):\n        return one",
    ["6 member-missing -> fetch_all"],
  ],
  // Where a name is allowed to be missing, letters that changed places are not.
  [
    "import json, sys\nif sys.platform == 'win32':\n    json.lodas('1')\n    json.whatever('2')",
    ["3 package-member-missing -> loads"],
  ],
  [
    "def add(left, /, wide=1):\n    return left\nclass A:\n    def go(self, other, /):\n        return self.goo()",
    ["5 member-missing -> go"],
  ],
  [
    "import abc\nclass Shape(metaclass=abc.ABCMeta):\n    pass\nShape.register(int)\nShape.regster(int)",
    ["5 member-missing"],
  ],
  // Another name for a function, one that is defined twice, one that is made of a class elsewhere.
  [
    "import shop.prices\nfrom shop import prices\nsum_up = prices.total\nsum_all = shop.prices.total\nsum_up([], rat=1)\nsum_all([], rat=1)",
    ["5 argument-unknown -> rate", "6 argument-unknown -> rate"],
  ],
  ["from shop.cuts import cut\ncut('', width=1, depth=2)\ncut('', colour=1)", ["3 argument-unknown"]],
  ["from shop.cuts import trim\ntrim('', width=1)\ntrim('', colour=1)", ["3 argument-unknown"]],
  [
    "import shop.prices\nclass Box(shop.prices.Basket):\n    def go(self):\n        return self.chekc(1)",
    ["4 member-missing -> check"],
  ],
  // A handler that throws again only clears up.
  [
    "import json\ntry:\n    json.lodas('1')\nexcept BaseException:\n    print('gone')\n    raise",
    ["3 package-member-missing -> loads"],
  ],
  [
    "import datetime\ndatetime.timedelta(seconds=1)\ndatetime.timedelta(second=1)",
    ["3 package-argument-unknown -> seconds"],
  ],
  [
    "exec('def old(): pass')\ndef cut(text, width=1):\n    return text\ncut('', widht=1)\nold()\n",
    ["4 argument-unknown -> width"],
  ],
  // A method that classes below bring too takes what any of them takes.
  [
    "class Rule:\n    def add(self, node, code=None):\n        return node\n    def go(self):\n        return self.add(1, text=2) or self.add(1, cdoe=2)\nclass Other(Rule):\n    def add(self, node, text=None):\n        return node",
    ["5 argument-unknown -> code"],
  ],
  [
    "class Rule:\n    def add(self, node, code=None):\n        return node\n    def go(self):\n        return self.add(1, text=2)\nclass Other(Rule):\n    def add(self, node, **rest):\n        return node",
    [],
  ],
  // What is not known: `super()`, the class of `self`, members that a class is given from outside.
  [
    "from shop.prices import Basket\nclass Box(Basket):\n    def go(self):\n        parent = super()\n        kind = type(self)\n        return parent.check(1) or kind.anything()",
    [],
  ],
  [
    "class Zone:\n    def __init__(self, name):\n        self.name = name\nZone.utc = Zone('utc')\nprint(Zone.utc)\nzone = Zone('x')\nzone.utc.name.lower()",
    [],
  ],
  ["import curses, ssl\nprint(curses.ACS_HLINE, curses.LINES, ssl.PROTOCOL_SSLv3)", []],
  ["from shop import reactor\nreactor.run()", []],
  [
    "import doctest\nclass Runner(doctest.DocTestRunner):\n    def go(self):\n        self.save_linecache_getlines('a')\n        self.sumarize(1)\nRunner()",
    ["5 member-missing -> summarize"],
  ],
  [
    "import unittest\nclass StoreTests:\n    def test_a(self):\n        self.assertEqual(1, 1)\n        self.assertNotEqual(1, 2)\n        self.ceck()\n    def check(self):\n        return self.chekc()\nclass MemoryTests(StoreTests, unittest.TestCase):\n    pass\nMemoryTests()",
    ["8 member-missing -> check"],
  ],
  [
    "import sys, json\nNEW = sys.version_info >= (3, 0)\nif NEW:\n    cut = json.loads\nelse:\n    cut = json.old_way\nif NEW:\n    json.lodas('1')",
    ["8 package-member-missing -> loads"],
  ],
  ["import zlib\ndef go():\n    press: zlib._Compress = zlib.compressobj()\n    return press", []],
  ["import json\nprint(json.__getattribute__, json.__sizeof__())", []],
  // What comes by a star: names, and the parts of a package that was imported.
  [
    "from shop import whole\nfrom shop.whole import turn\nprint(whole.wheel, whole.whele)\nturn(spede=1)",
    ["3 member-missing -> wheel", "4 argument-unknown -> speed"],
  ],
  // Only what a missing name throws lets it pass.
  [
    "import json\nfrom contextlib import suppress\nwith suppress(ValueError):\n    json.lodas('1')\n    json.whatever(1)\nwith suppress(AttributeError):\n    json.anything('2')\nerrors = (AttributeError,)\nwith suppress(errors):\n    json.anything('2')",
    ["4 package-member-missing -> loads", "5 package-member-missing"],
  ],
  [
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.pricse import Basket\n    from shop.later import Other",
    ["3 module-missing -> prices"],
  ],
  ["import json\nprint(json.lodas('1'))\ndel json", ["2 package-member-missing -> loads"]],
  [
    "import json\ndef a(name):\n    return hasattr(json, name) and json.whatever(1) or json.lodas('1')",
    ["3 package-member-missing -> loads"],
  ],
  // The name of a thing is no question about the system; `os.name` is.
  [
    "import os\nfrom shop.prices import total\ndef a(one):\n    name = one.name\n    if name:\n        total([], discount=1)\nif os.name == 'nt':\n    total([], discount=1)",
    ["6 argument-unknown"],
  ],
  [
    "import logging\nlogger = logging.getLogger(__name__)\nlogger.info('a', extra={}, exc_info=True)\nlogger.info('a', exrta={})\nlogger.success('a')\nlogging.error('b', data=1)",
    ["4 package-argument-unknown -> extra", "6 package-argument-unknown"],
  ],
  [
    "import logging\nclass Told(logging.Logger):\n    pass\nlogging.setLoggerClass(Told)\nlogger = logging.getLogger(__name__)\nlogger.info('a', data={})",
    [],
  ],
  [
    "from functools import partial\nfrom shop.prices import total, anything\npartial(total, rate=2)\npartial(total, rat=2)\npartial(anything, rat=2)",
    ["4 argument-unknown -> rate"],
  ],
  [
    "from shop.prices import Basket\nclass Box(Basket):\n    def __init__(self, **rest):\n        super(Box, self).__init__(**rest)\n    def put(self):\n        super(Box, self).add(itme=1)\nclass Deep(Box):\n    def put(self):\n        super(Box, self).add(itme=1)\nBox(owner=1)\nBox(onwer=1)",
    ["6 argument-unknown -> item", "11 argument-unknown -> owner"],
  ],
  [
    "from shop.prices import Basket\ndef one_of(owner) -> Basket:\n    return Basket(owner)\nasync def later(owner) -> Basket:\n    return Basket(owner)\nBasket(1).add(itme=1)\none_of(1).add(itme=1)\none = one_of(1)\none.add(itme=1)\nlater(1).add(itme=1)\n'a'.encode(encodign='ascii')",
    [
      "6 argument-unknown -> item",
      "7 argument-unknown -> item",
      "9 argument-unknown -> item",
      "11 package-argument-unknown -> encoding",
    ],
  ],
  [
    "def trait(one):\n    return one\ndef strange(one):\n    return one\n@trait\nclass Bag:\n    def parse(self):\n        return self.parse_async()\n@strange\nclass Other:\n    def parse(self):\n        return self.parse_later()",
    ["8 member-missing -> parse"],
  ],
  [
    "class Bag:\n    def keep(self):\n        def later(self):\n            return self.kepe()\n        return later and self.kepe()\nBag()",
    ["5 member-missing -> keep"],
  ],
  ["from multiprocessing.connection import PipeConnection, Listnere", ["1 package-export-missing -> Listener"]],
])("Python: %j -> %j", async (text, expected) => {
  expect(await said(text)).toEqual(expected);
});

/** A project whose package makes modules of its own, and a class that is made in the way of its heirs. */
const lazily = {
  "mill/__init__.py": "import sys\nsys.modules['mill.made'] = sys\nfrom . import stones\n",
  "mill/stones.py":
    "class Stone:\n    def __init__(self, size):\n        self.size = size\n    @classmethod\n    def read(cls, file):\n        return cls(file=file)\n",
  "mill/round.py":
    "from .stones import Stone\nclass Round(Stone):\n    def __init__(self, size=1, file=None):\n        self.file = file\n",
  "mill/zones.py": "class Zone:\n    def __init__(self, name):\n        self.name = name\nZone.utc = Zone('utc')\n",
  "mill/parts/__init__.py": "",
  "mill/parts/wheel.py": "def turn(speed=1):\n    return speed\n",
  "mill/grind.py": "import mill.parts\nmill.parts.given = 1\n",
};

it.skipIf(!available.pytest).each([
  ["from mill.parts.whele import turn", ["module-missing -> wheel"]],
  ["from mill.parts.wheel import trun", ["export-missing -> turn"]],
  ["from mill.made import anything", []],
  ["from mill.zones import Zone\nZone.utc(1)\nZone.utcc(1)", ["member-missing -> utc"]],
  ["from mill.stonse import Stone", ["module-missing -> stones"]],
  ["from mill import stones\nstones.Stone(siez=1)", ["argument-unknown -> size"]],
  ["import mill.parts\nprint(mill.parts.given)\nprint(mill.parts.gievn)", ["member-missing"]],
])("Python, a package that makes modules: %j -> %j", async (text, expected) => {
  const { analysis, tree } = await open({ sandbox: plainSandbox() });
  const paths = ["app.py", "mill/stones.py"];
  const { diagnostics } = await analysis.diagnose("symbols", tree({ ...lazily, "app.py": text }), paths);
  const near = (message: string) => /Did you mean (\S+)\?/.exec(message)?.[1];
  expect(diagnostics.map(({ code, message }) => `${code}${near(message) ? ` -> ${near(message)}` : ""}`)).toEqual(
    expected,
  );
});

it.skipIf(!available.pytest)("Python: imports of imports may go deep", async () => {
  const { analysis, tree } = await open({ sandbox: plainSandbox() });
  const chain = Array.from({ length: 40 }, (_, at) => [`deep/m${at}.py`, `from .m${at + 1} import *\n`] as const);
  const files = { "deep/__init__.py": "", ...Object.fromEntries(chain), "deep/m40.py": "def last():\n    return 1\n" };
  const { diagnostics } = await analysis.diagnose(
    "symbols",
    tree({ ...files, "app.py": "from deep.m30 import last, lats\n" }),
    ["app.py"],
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(["export-missing"]);
});
