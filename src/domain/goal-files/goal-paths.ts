export const GOALS_PAGE = "agents/GOALS.md";
export const LOOPS_PAGE = "agents/LOOPS.md";
export const LANGUAGE_PAGE = "agents/LANGUAGE.md";
export const CONTEXT_FILE = "agents/CONTEXT.md";
export const PLAN_TEMPLATE = "plans/TEMPLATE.md";
