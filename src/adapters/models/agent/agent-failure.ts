import { stripVTControlCharacters } from "node:util";
import { type FailureCode, type Remedy, StepFailure } from "../../../domain/step-failure.ts";

export function agentFailure(message: string, code: FailureCode, remedy: Remedy, hint: string): StepFailure {
  return new StepFailure(message, { code, remedy, hint });
}

/** What a model endpoint answered last, when it was no reply. */
export interface EndpointRefusal {
  /** HTTP status; 0 when nobody was there. */
  readonly status: number;
  readonly said: string;
  readonly retryAfter: number | undefined;
}

const LOGIN = /\b(log ?in|logged out|sign ?in|authenticat|unauthori[sz]ed|api[ _-]?key|401|credential)/i;

/** Whether an agent's words ask for a login or a key. */
export function asksForLogin(text: string): boolean {
  return LOGIN.test(text);
}

/** An agent that wants a person to log in, or another key. */
export function needsLogin(who: string, said: string): StepFailure {
  return agentFailure(
    `${who} asks for a login: ${short(said)}`,
    "model-rejected",
    "ask",
    `Give it a key (\`agents: { ${who.split("/")[0]}: { key: NAME_OF_A_VARIABLE } }\`), or a folder with its login as \`home\`.`,
  );
}

/** Says what it means that an agent's model endpoint refused. */
export function endpointFailure(who: string, url: string, refusal: EndpointRefusal): StepFailure {
  const { status, said, retryAfter } = refusal;
  const message = status === 0 ? `${who}'s model endpoint ${url} is not there` : `${who}'s model answered ${status}`;
  const make = (code: FailureCode, remedy: Remedy, hint: string) =>
    new StepFailure(said === "" ? message : `${message}: ${short(said)}`, {
      code,
      remedy,
      hint,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  if (status === 401 || status === 403) return needsLogin(who, `its model answered ${status} ${said}`);
  if (status === 429) {
    return make("model-rate-limited", "retry", "Too many requests or a spent quota: wait, or use another model.");
  }
  if (status === 0) return make("model-unreachable", "ask", "Start the model server, or correct the agent's `url`.");
  if (status >= 500)
    return make("model-unreachable", "retry", "See the model server's log; it is up but cannot answer.");
  return make("model-rejected", "ask", "Check the model's name and the agent's `url` in millwright.yaml.");
}

/** One line without control characters, at most 300 characters. */
export function short(text: string): string {
  const line = stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line.length > 300 ? `${line.slice(0, 300)} …` : line;
}
