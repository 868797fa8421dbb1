/** A phrase that nobody can observe, and what to write instead. */
export interface Vague {
  readonly phrase: string;
  readonly why: string;
}

/**
 * The phrase of a criterion that says nothing a test could see. A criterion that names what is observed and its value
 * ("correctly returns 5") keeps its claim without the phrase, and is not vague.
 */
export function vagueIn(criterionText: string): Vague | undefined {
  const text = criterionText.replace(/\s+/g, " ").trim();
  for (const { pattern, why } of PHRASES) {
    const phrase = pattern.exec(text)?.[0];
    if (phrase !== undefined && !claims(withoutPhrases(text))) return { phrase: phrase.trim(), why };
  }
  if (!VALUE.test(text) && text.split(" ").length < 3) return { phrase: text, why: WHY.behaviour };
  return undefined;
}

const WHY = {
  behaviour: "says no behaviour: write what is done, and what is seen then",
  works: "does not say what is seen: write the input and the output, message or status",
  exists: "asks for something to be there, not for what it does: write what it does when it is used",
  adverb: "leaves open what right is: write the very value, text or status",
  quality: "is a judgement that no test can make: write what is measured, and the number",
  speed: "names no number: write how long it may take, and for how much",
  errors: "does not say which error and what happens then: write the input, and the message or status",
  open: "leaves the list open: name each case",
  gates: "is asked of every task anyway: write what the tests show",
} as const;

const BE = "(?:is|are|be|been|gets?|being)";
const LY = "(?:\\w+ly\\s+)?";
const phrase = (source: string) => new RegExp(`(?<![\\w-])(?:${source})(?![\\w-])`, "i");

const PHRASES: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: phrase(
      "(?:should |must |will )?works?(?! (?:items?|orders?|flows?|spaces?))|working(?! (?:director|dir|tree|copy|days?|hours|folder|memory|set))|functional|functions? (?:well|as \\w+|correctly|properly)|runs? (?:fine|well|smoothly|correctly|properly)|operational",
    ),
    why: WHY.works,
  },
  {
    pattern: phrase(
      "as (?:expected|intended|desired|required|specified|designed|described|needed|appropriate)|according to (?:the )?(?:spec|specification|requirements|design)|behaves? (?:well|normally|sensibly)",
    ),
    why: WHY.works,
  },
  {
    pattern: phrase(
      "(?:good|better|great|high|acceptable|decent) performance|perform(?:s|ance is|ant)? (?:well|good|acceptable|efficiently)|performant|(?:very |reasonably |is |be |are )(?:fast|quick|snappy)|(?:fast|quick) enough|quickly|efficient(?:ly)?|in a timely manner|low latency|optimi[sz]ed",
    ),
    why: WHY.speed,
  },
  {
    pattern: phrase(
      `(?:errors?|exceptions?|failures?|edge cases?|invalid (?:input|data|values?)s?|bad input) ${BE} ${LY}(?:handled|covered|managed|considered|caught)(?: \\w+ly)?|(?:properly |correctly |gracefully )?handles? (?:all |any |the |various |common |unexpected )?(?:errors?|exceptions?|failures?|edge cases?|invalid (?:input|data)|bad input|everything)(?: \\w+ly)?|(?:proper |good |robust )?error handling|(?:has|proper|good) validation|input validation`,
    ),
    why: WHY.errors,
  },
  {
    pattern: phrase(
      "properly|correct(?! (?:password|pin|code|token|credential|answer|key|input|format|signature))(?:ly|ness)?|right(?= (?:result|value|output|data|thing|way)s?)|appropriate(?:ly)?|suitabl[ey]|adequate(?:ly)?|sensibl[ey]|reasonabl[ey]|proper|gracefully|nicely|smoothly|seamless(?:ly)?|cleanly|accurate(?:ly)?|successfully|meaningful|helpful|relevant|sufficient(?:ly)?(?! (?:funds|balance|stock|permission|rights))|acceptable|valid (?:result|output|response)s?",
    ),
    why: WHY.adverb,
  },
  {
    pattern: phrase(
      "user[- ]?friendly|intuitive(?:ly)?|easy(?: to \\w+)?|easily|robust(?:ly|ness)?|reliabl[ey]|(?:is|are|be|fully) (?:secure|stable)(?! and|:)|securely|scalable|maintainable|readable code|clean code|clean and \\w+|high[- ]quality|good quality|best practices?|modern(?=[ .,]|$)|attractive|beautiful(?:ly)?|appealing|looks? (?:good|nice|great|right|professional)|responsive(?: design)?|consistent(?:ly)?|flexible|elegant(?:ly)?|(?:well[- ])(?:structured|tested|documented|designed|organi[sz]ed)|clear (?:error|message|feedback|errors|messages)",
    ),
    why: WHY.quality,
  },
  {
    pattern: phrase(
      `${BE} ${LY}(?:implemented|supported|integrated|in place|documented|tested|refactored|set up)|(?:feature|work|refactoring|implementation|migration|functionality) ${BE} ${LY}(?:done|complete|completed|finished|added|available|ready)`,
    ),
    why: WHY.exists,
  },
  {
    pattern: phrase("(?:no|without(?: any)?|free of) (?:bugs?|issues?|problems?|glitch(?:es)?)|bug[- ]free"),
    why: WHY.works,
  },
  {
    pattern: phrase(
      "etc\\.?|and so (?:on|forth)|and more|if (?:needed|necessary)|where (?:appropriate|needed|necessary)|among others",
    ),
    why: WHY.open,
  },
  {
    pattern: phrase(
      "(?:all |the |unit |existing |integration )*tests? (?:pass|passes|succeed|are green|run|(?:are|is) (?:added|written|created))|(?:good|high|full|sufficient) (?:test )?coverage|has (?:unit )?tests",
    ),
    why: WHY.gates,
  },
  {
    pattern:
      /(?<!\b(?:not|no|already|that|which|who|whose|when|if|where|unless|once|while|because|any|none|still)\b[^.;:,]*)\b(?:exists?|(?:is|are) present)\b/i,
    why: WHY.exists,
  },
];

const EVERY_PHRASE = new RegExp(PHRASES.map(({ pattern }) => pattern.source).join("|"), "gi");

function withoutPhrases(text: string): string {
  return text.replace(EVERY_PHRASE, " ").replace(/\s+/g, " ");
}

/** What a test can compare with. */
const VALUE =
  /["'“‘`#]\S|\d|\b(?:empty|nothing|none|null|nil|undefined|true|false|zero|one|two|three|twice|once|same|unchanged|enabled|disabled|checked|unchecked|hidden|visible|focused|first|last|alphabetical|ascending|descending|newest|oldest)\b|\b[A-Z]\w*(?:Error|Exception)\b/;

/** Verbs whose object can be seen. */
const SEEN = new RegExp(
  `\\b(?:${[
    "answers?|returns?|throws?|raises?|rejects?|shows?|displays?|prints?|outputs?|writes?|logs?|contains?|includes?|holds?|equals?|becomes?",
    "remains?|stays?|exits?|ends?|starts?|begins?|renders?|emits?|sends?|redirects?|lists?|gives?|yields?|produces?|responds?|reports?|says?",
    "reads?|sorts?|adds?|removes?|deletes?|stores?|saves?|sets?|changes?|increments?|decrements?|increases?|decreases?|accepts?|refuses?",
    "takes?|matches?|appears?|disappears?|moves?|opens?|closes?|creates?|keeps?|costs?|rounds?|waits?|retries|fails?|finishes|completes?",
    "shown|displayed|returned|thrown|rejected|refused|raised|printed|logged|stored|saved|deleted|removed|redirected|listed|sorted|rounded",
    "is|are|has|have|within|under|below|less than|at most|at least",
  ].join("|")})\\b(.*)`,
  "i",
);
/** These say little by themselves: their value follows closely. */
const CLOSE = /^(?:is|are|has|have)$/i;

/** True when something that can be seen is said to have a value. */
function claims(text: string): boolean {
  let rest = text;
  for (;;) {
    const found = SEEN.exec(rest);
    if (!found) return false;
    const verb = found[0].slice(0, found[0].length - (found[1] ?? "").length);
    rest = found[1] ?? "";
    const object = CLOSE.test(verb) ? rest.trim().split(" ").slice(0, 3).join(" ") : rest;
    if (VALUE.test(object)) return true;
  }
}
