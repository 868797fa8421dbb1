import { type FailureCode, StepFailure } from "../../domain/step-failure.ts";
import { cancelled, STALLED } from "./call-watch.ts";
import { type ServerAccess, startHint } from "./server-access.ts";
import { CutOff } from "./streamed-reply.ts";

/** What went wrong in one try, and whether another try may help. */
export interface CallFailure {
  readonly failure: StepFailure;
  readonly transient: boolean;
  /** HTTP status, when the server answered at all. */
  readonly status?: number;
}

const NOT_THERE = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
];

/** A certificate that is not accepted, or https spoken to an http port. */
const NOT_TRUSTED = /CERT|SSL|TLS|EPROTO|INVALID_URL/;

/** Says what an error of a call means. `seen`: the server has answered before, so that it may be back in a moment. */
export function failureOf(error: unknown, access: ServerAccess, seen: "seen" | "never-seen"): CallFailure {
  if (error instanceof StepFailure) return { failure: error, transient: error.cause === STALLED };
  const chain = causesOf(error);
  const own = chain.find((link) => link instanceof StepFailure);
  if (own !== undefined) return { failure: own as StepFailure, transient: false };
  const status = firstOf(chain, statusOf);
  if (status !== undefined) return refused(status, chain, access);
  const code = firstOf(chain, (link) => (typeof link.code === "string" ? link.code : undefined));
  if (isNotThere(code)) return notThere(code, access, seen);
  if (chain.some((link) => link.name === "AbortError")) return { failure: cancelled(), transient: false };
  return isUnreadable(chain) ? unreadable(error, access) : dropped(code, error, access);
}

function isNotThere(code: string | undefined): code is string {
  return code !== undefined && (NOT_THERE.includes(code) || NOT_TRUSTED.test(code));
}

interface Link {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly responseBody?: unknown;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly type?: unknown;
}

function causesOf(error: unknown): readonly Link[] {
  const chain: Link[] = [];
  for (let link = error; typeof link === "object" && link !== null && chain.length < 8; ) {
    chain.push(link);
    link = "lastError" in link ? link.lastError : (link as { cause?: unknown }).cause;
  }
  return chain;
}

function firstOf<Found>(chain: readonly Link[], look: (link: Link) => Found | undefined): Found | undefined {
  for (const link of chain) {
    const found = look(link);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What errors inside a stream are called that carry no number. */
const NAMED: Readonly<Record<string, number>> = {
  overloaded_error: 529,
  api_error: 500,
  server_error: 500,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  authentication_error: 401,
  invalid_request_error: 400,
};

/** An HTTP status, or the one that an error inside a stream carries as its `code`. */
function statusOf(link: Link): number | undefined {
  const status = Number(link.statusCode ?? NAMED[String(link.type ?? link.code)] ?? link.code);
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined;
}

function refused(status: number, chain: readonly Link[], access: ServerAccess): CallFailure {
  const said = firstOf(chain, serverMessage) ?? "no reason given";
  const message = `server \`${access.name}\` answered ${status}: ${said}`;
  const make = (code: FailureCode, remedy: "retry" | "ask", hint: string, retryAfter?: number): CallFailure => ({
    failure: new StepFailure(message, { code, remedy, hint, ...(retryAfter === undefined ? {} : { retryAfter }) }),
    transient: remedy === "retry",
    status,
  });
  if (status === 429) {
    const hint = "Too many requests or a spent quota: wait, or point the role at another model.";
    return make("model-rate-limited", "retry", hint, firstOf(chain, retryAfterOf));
  }
  if (status === 408) return make("model-timeout", "retry", "The server gave up waiting; try again.");
  if (status >= 500) {
    return make(
      "model-unreachable",
      "retry",
      "See the server's log; it is up but cannot answer.",
      firstOf(chain, retryAfterOf),
    );
  }
  if (status === 401 || status === 403) {
    return make(
      "model-rejected",
      "ask",
      `Check the key: servers.${access.name}.key names the environment variable that holds it.`,
    );
  }
  return make(
    "model-rejected",
    "ask",
    `Check models and servers.${access.name} in millwright.yaml against what the server said.`,
  );
}

function notThere(code: string, access: ServerAccess, seen: "seen" | "never-seen"): CallFailure {
  const why = code === "ECONNREFUSED" ? "connection refused" : code;
  const failure = new StepFailure(`server \`${access.name}\` is not reachable at ${access.url} (${why})`, {
    code: "model-unreachable",
    remedy: seen === "seen" ? "retry" : "ask",
    hint: startHint(access),
  });
  return { failure, transient: seen === "seen" };
}

const UNREADABLE = ["SyntaxError", "AI_JSONParseError", "AI_TypeValidationError", "AI_EmptyResponseBodyError"];

function isUnreadable(chain: readonly Link[]): boolean {
  return chain.some((link) => UNREADABLE.includes(String(link.name)));
}

function unreadable(error: unknown, access: ServerAccess): CallFailure {
  const message = `server \`${access.name}\` sent something that cannot be read as a model's reply: ${short(String((error as Link).message))}`;
  const hint = `Is servers.${access.name}.kind right (${access.kind}), and ${access.url} the address of its API?`;
  return {
    failure: new StepFailure(message, { code: "model-unusable", remedy: "retry", hint, cause: error }),
    transient: false,
  };
}

function dropped(code: string | undefined, error: unknown, access: ServerAccess): CallFailure {
  const cutOff = error instanceof CutOff || (error as Link | null)?.name === "AI_InvalidResponseDataError";
  const what = cutOff ? "ended its reply half-way" : `broke the connection${code === undefined ? "" : ` (${code})`}`;
  const said = cutOff || code !== undefined ? "" : `: ${short(messageOf(error))}`;
  const failure = new StepFailure(`server \`${access.name}\` ${what}${said}`, {
    code: cutOff ? "model-unusable" : "model-unreachable",
    remedy: "retry",
    hint: "See the server's log; a crash or a lack of memory often ends like this.",
    cause: error,
  });
  return { failure, transient: true };
}

function messageOf(error: unknown): string {
  if (typeof error === "string") return error;
  const message = (error as Link | null)?.message;
  return typeof message === "string" ? message : JSON.stringify(error);
}

/** What the server itself said, out of the many shapes that error bodies have. */
function serverMessage(link: Link): string | undefined {
  if (typeof link.responseBody === "string" && link.responseBody.trim() !== "") {
    return short(messageInBody(link.responseBody));
  }
  return typeof link.message === "string" && link.message !== "" ? short(link.message) : undefined;
}

function messageInBody(body: string): string {
  try {
    const parsed = JSON.parse(body) as { error?: unknown; message?: unknown; detail?: unknown };
    const inner = parsed.error ?? parsed.message ?? parsed.detail;
    if (typeof inner === "string") return inner;
    const message = (inner as Link | undefined)?.message;
    return typeof message === "string" ? message : body;
  } catch {
    return body;
  }
}

/** One line without control characters, at most 400 characters. */
function short(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > 400 ? `${line.slice(0, 400)} …` : line;
}

function retryAfterOf(link: Link): number | undefined {
  const milliseconds = Number(link.responseHeaders?.["retry-after-ms"] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds / 1000;
  const written = link.responseHeaders?.["retry-after"];
  if (written === undefined) return undefined;
  const seconds = Number(written);
  const wait = Number.isNaN(seconds) ? (Date.parse(written) - Date.now()) / 1000 : seconds;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
