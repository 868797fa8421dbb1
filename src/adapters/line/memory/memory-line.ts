import type { IncidentReport } from "../../../domain/incident.ts";
import { analysisOf, claimOf, evidenceOf, incidentId } from "../../../domain/incident-opening.ts";
import type { Incident } from "../../../domain/incident-record.ts";
import { incidentReportText } from "../../../domain/incident-report-text.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { BookWorld, IncidentBook } from "../book.ts";

/** A line that lives as long as the process. */
export function memoryLine(world: BookWorld): IncidentBook {
  const claims = new Map<string, string>();
  const incidents = new Map<string, Incident>();
  const open = (id: string): Incident => {
    const incident = incidents.get(id);
    if (incident === undefined || incident.closing !== undefined) throw new InputError([`No incident ${id} is open.`]);
    return incident;
  };
  const keep = (incident: Incident): Incident => {
    const report = incidentReportText(incident);
    const kept = { ...incident, documents: { ...incident.documents, "report.md": report } };
    incidents.set(incident.id, kept);
    return kept;
  };
  return {
    async stopped() {
      const stopping = [...incidents.values()].filter(({ evidence, closing }) => evidence.stops && !closing);
      return stopping.map(({ id, evidence: { kind, problem } }) => ({ id, kind, problem }));
    },
    async report(report: IncidentReport) {
      const claim = claimOf(report);
      const known = claims.get(claim);
      if (known !== undefined) return known;
      const at = world.clock.now();
      const id = incidentId(report, at);
      claims.set(claim, id);
      const evidence = evidenceOf(report, { id, at, around: await world.look() });
      keep({ id, evidence, analysis: analysisOf(report), actions: [], documents: {} });
      return id;
    },
    all: async () => [...incidents.values()],
    find: async (id) => incidents.get(id),
    async amend(id, change) {
      const before = open(id);
      const { documents = {}, ...changed } = change(before);
      return keep({ ...before, ...changed, documents: { ...before.documents, ...documents } });
    },
    async close(id, closing, finalReport) {
      const before = open(id);
      return keep({ ...before, closing, documents: { ...before.documents, "final-report.md": finalReport } });
    },
  };
}
