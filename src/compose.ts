import { openAndon as openDesk } from "./compose/andon/open-andon.ts";
import { readIssue as issueAsSpec } from "./compose/connect/open-issue.ts";
import { openPullRequest as askForPull } from "./compose/connect/pull-request.ts";
import { lookAtCorrections as corrections, switchCorrection as switched } from "./compose/corrections.ts";
import { runDemo as demo } from "./compose/demo.ts";
import { diagnoseRepository as diagnose } from "./compose/doctor.ts";
import { initRepository as init } from "./compose/init.ts";
import { inspectModels as inspect } from "./compose/inspect-models.ts";
import { modelsInSight as inSight } from "./compose/models-in-sight.ts";
import { fetchEmbedded as fetchModels, offerEmbedded as offer } from "./compose/offer-model.ts";
import { openMill as open } from "./compose/open-mill.ts";
import { startInBackground as inBackground } from "./compose/serve/background.ts";
import { installUnit as install } from "./compose/serve/install-unit.ts";
import { openServe as openSchedule } from "./compose/serve/open-serve.ts";
import { showSkill as skill, listSkills as skills } from "./compose/skills/skills-door.ts";
import type { Doors } from "./mill.ts";

/** The doors through which an app enters: config and flags in, a wired mill out. */
export const openMill: Doors["openMill"] = (dir, flags) => open(dir, flags);
export const openAndon: Doors["openAndon"] = openDesk;
export const initRepository: Doors["initRepository"] = init;
export const diagnoseRepository: Doors["diagnoseRepository"] = diagnose;
export const modelsInSight: Doors["modelsInSight"] = (config) => inSight(config, process.env);
export const offerEmbedded: Doors["offerEmbedded"] = () => offer(process.env);
export const fetchEmbedded: Doors["fetchEmbedded"] = (models, fetching) => fetchModels(models, process.env, fetching);
export const openServe: Doors["openServe"] = (dir, flags) => openSchedule(dir, flags);
export const installUnit: Doors["installUnit"] = (dir, { config, print }) =>
  install(dir, { config, print, platform: process.platform, env: process.env });
export const startInBackground: Doors["startInBackground"] = (dir, words) => inBackground(dir, words);
export const readIssue: Doors["readIssue"] = issueAsSpec;
export const openPullRequest: Doors["openPullRequest"] = (root, wish) => askForPull(wish, { root, env: process.env });
export const runDemo: Doors["runDemo"] = demo;
export const inspectModels: Doors["inspectModels"] = inspect;
export const lookAtCorrections: Doors["lookAtCorrections"] = corrections;
export const switchCorrection: Doors["switchCorrection"] = switched;
export const startResearch: Doors["startResearch"] = async (dir, name) =>
  (await import("./compose/research/start-design.ts")).startDesign(dir, name);
export const researchProblems: Doors["researchProblems"] = async (request, config) =>
  (await import("./compose/research/begin-research.ts")).problemsUnopened(request, config);
export const listSkills: Doors["listSkills"] = skills;
export const showSkill: Doors["showSkill"] = skill;
