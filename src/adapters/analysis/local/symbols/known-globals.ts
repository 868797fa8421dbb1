import { BROWSER_GLOBALS } from "./browser-globals.ts";
import { namesOf } from "./module-exports.ts";

/** Values that Node's module wrapper, test runners, bundlers and other run times put in sight of every file. */
const GIVEN = new Set(
  `
arguments require module exports __dirname __filename undefined NaN Infinity globalThis global
describe context suite specify it test xit xtest fit ftest xdescribe fdescribe xcontext before after beforeEach afterEach
beforeAll afterAll expect expectTypeOf assertType assert should chai sinon vi vitest jest jasmine spyOn pending fail run
bench onTestFailed onTestFinished setup teardown suiteSetup suiteTeardown tap t QUnit cy Cypress browser page context
awslambda __STATIC_CONTENT __STATIC_CONTENT_MANIFEST Deno Bun EdgeRuntime HTMLRewriter caches KVNamespace DurableObject WebSocketPair
define requirejs __webpack_require__ __webpack_public_path__ __webpack_hash__ __webpack_modules__ __non_webpack_require__
__webpack_share_scopes__ __webpack_init_sharing__ __webpack_chunk_load__ __webpack_get_script_filename__ __webpack_nonce__
__resourceQuery __VERSION__ __DEV__ __TEST__ __BROWSER__ __PROD__ System goog Packages java load print quit gc
chrome safari opera $ $$ jQuery angular google ga gtag dataLayer _ Vue React ReactDOM d3 Backbone Handlebars Ember moment
Meteor Template Session Accounts Mongo importScripts ActiveXObject WScript Enumerator VBArray XDomainRequest
attachEvent detachEvent execScript MSApp Windows WinJS cordova device phantom casper UIApplication NSString
JSX NodeJS AudioWorkletGlobalScope registerProcessor currentFrame currentTime sampleRate AudioWorkletProcessor
readFile process Buffer setImmediate clearImmediate Iterator AsyncIterator SuppressedError DisposableStack AsyncDisposableStack
Float16Array Temporal ShadowRealm WebSocket EventSource Storage localStorage sessionStorage CloseEvent Navigator navigator
File CustomEvent WeakRef FinalizationRegistry Atomics SharedArrayBuffer AggregateError structuredClone
`
    .trim()
    .split(/\s+/),
);
const NODE = new Set(Object.getOwnPropertyNames(globalThis));

/** True for a name that some run time offers without an import. */
export function isKnownGlobal(name: string): boolean {
  return name in globalThis || NODE.has(name) || GIVEN.has(name) || BROWSER_GLOBALS.has(name) || /^__.*__$/.test(name);
}

/** Names to offer for one that does not exist. */
export function sharedGlobals(): readonly string[] {
  return [...NODE].filter((name) => !name.startsWith("_"));
}

/** The language's own objects, whose members every run time has; those of newer editions and of reflect-metadata are added. */
const OBJECTS = [
  "Math",
  "JSON",
  "Object",
  "Array",
  "Number",
  "String",
  "Promise",
  "Reflect",
  "Date",
  "console",
] as const;
const NEWER = new Set(
  `
groupBy try withResolvers fromAsync f16round sumPrecise escape rawJSON isRawJSON parseImmutable isError concat zip zipKeyed
context table timeStamp profile profileEnd exception markTimeline timeline timelineEnd memory allSettledKeyed allKeyed
captureStackTrace stackTraceLimit quote toSource observe unobserve getNotifier
decorate metadata defineMetadata deleteMetadata hasMetadata hasOwnMetadata getMetadata getOwnMetadata getMetadataKeys getOwnMetadataKeys
`
    .trim()
    .split(/\s+/),
);

const members = new Map<string, ReadonlySet<string>>();

/** The members of one of the language's own objects; undefined for any other name. */
export function globalMembers(name: string): ReadonlySet<string> | undefined {
  if (!(OBJECTS as readonly string[]).includes(name)) return undefined;
  const known = members.get(name) ?? new Set([...namesOf(Reflect.get(globalThis, name)), ...NEWER]);
  members.set(name, known);
  return known;
}

const CLASSES = [
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "Date",
  "URL",
  "URLSearchParams",
  "RegExp",
  "AbortController",
] as const;
const NEWER_METHODS =
  "union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom getOrInsert getOrInsertComputed emplace upsert toTemporalInstant getYear setYear";

/** What an instance of one of the language's own classes can do; undefined for any other name. */
export function instanceMembers(name: string): ReadonlySet<string> | undefined {
  if (!(CLASSES as readonly string[]).includes(name)) return undefined;
  const key = `new ${name}`;
  const made = Reflect.get(Reflect.get(globalThis, name) ?? {}, "prototype");
  const known = members.get(key) ?? new Set([...namesOf(made), ...NEWER_METHODS.split(" ")]);
  members.set(key, known);
  return known;
}
