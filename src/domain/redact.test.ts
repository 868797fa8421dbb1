import { describe, expect, test } from "vitest";
import { redact } from "./redact.ts";

describe("what opens doors is taken out", () => {
  test.each([
    ["sk-ant-api03-AbCdEfGhIjKlMnOp", "AbCdEfGh"],
    ["key sk-proj-AbCdEfGhIjKlMnOpQrSt", "AbCdEfGh"],
    ["ghp_abcdefghijklmnopqrstuvwxyz0123", "abcdefghij"],
    ["github_pat_11ABCDEFG0abcdefghij_klm", "ABCDEFG0"],
    ["npm_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghij"],
    ["glpat-abcdefghijklmnopqrst", "abcdefghij"],
    ["AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"],
    ["AIzaSyA-abcdefghijklmnopqrstuvwxyz012345", "SyA-abcdefg"],
    ["xoxb-123456789012-abcdefghij", "123456789012"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.s5cPdeadbeef", "s5cPdeadbeef"],
    ["postgres://app:tops3cret@db.example/x", "tops3cret"],
    ["https://x:oauth2tokenvalue@git.example/a.git", "oauth2tokenvalue"],
    ["GET /cb?access_token=abcdef123&x=1", "abcdef123"],
    ["Authorization: Bearer abcdef.ghijkl-mnop", "abcdef.ghijkl"],
    ["authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
    ["Set-Cookie: session=abc123; Path=/", "abc123"],
    ['{"password": "hunter2 and more"}', "hunter2"],
    ["db_password = 'hunter2'", "hunter2"],
    ["client_secret: s3cr3t-value", "s3cr3t-value"],
    ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI"],
    ["export STRIPE_WEBHOOK=whsec_abc", "whsec_abc"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC\nabc=\n-----END RSA PRIVATE KEY-----", "MIIEpAIBAAKC"],
    ["-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN and cut off here", "MIIEvQIBADAN"],
  ])("%s", (text, secret) => {
    expect(text).toContain(secret);
    expect(redact(text)).not.toContain(secret);
    expect(redact(redact(text))).toBe(redact(text));
  });

  test("the names stay, and what stands around", () => {
    expect(redact("connect postgres://app:pw@db/x failed")).toBe("connect postgres://app:[redacted]@db/x failed");
    expect(redact('api_key: "abc123" // the key')).toBe('api_key: "[redacted]" // the key');
  });
});

describe("what is no secret stays", () => {
  test.each([
    "assert sum(2, 3) == 5",
    "const token = nextToken(input);",
    "function login(password: string, token: string) {",
    "password: process.env.DB_PASSWORD",
    "API_KEY=${API_KEY}",
    "token === undefined",
    "https://example.com/a/b?page=2",
    "expected tokens: 12 but the parser was at line 3",
    "src/auth/password-reset.ts:12:3 error TS2304",
    "NODE_ENV",
    "commit 3f2a91bdeadbeef0123456789abcdef012345678",
  ])("%s", (text) => {
    const kept = text.replace("tokens: 12", "tokens: 12");
    expect(redact(text)).toBe(kept);
  });
});

test("a long text takes no longer than its length", () => {
  const long = `${"x".repeat(200_000)} ${"password".repeat(10_000)} ${'"'.repeat(50_000)}`;
  expect(redact(long).length).toBe(long.length);
});
