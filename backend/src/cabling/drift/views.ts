import type { CableCard, Finding, PortCard } from '@rackhaus/config/contract';
import { maskCableCards, maskPortCards } from '../../access/scope/beyond.ts';
import type { Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { cableCards, portCards } from '../cards.ts';
import type { KeptFinding } from './findings.ts';
import { aroundFindings } from './proposals.ts';
import type { Proposal } from './propose.ts';

/** Findings as they are shown; `reach`: of other sites than these nothing is named. What has been deleted meanwhile is left out. */
export async function findingViews(
  db: Database,
  findings: readonly KeptFinding[],
  firstSeen: (finding: KeptFinding) => number | null,
  reach: Reach | null = null,
): Promise<Finding[]> {
  const around = await aroundFindings(db, findings);
  const ids = findings.flatMap((finding) => {
    const proposal = around.get(finding.id)?.proposal;
    return [
      finding.port_id,
      finding.documented_id,
      finding.observed_port_id,
      ...(proposal?.add.flatMap((cord) => [cord.a.portId, cord.b.portId]) ?? []),
    ].filter((id) => id !== null);
  });
  const links = [...around.values()].flatMap(({ way, proposal }) => [
    ...way.cables.slice(0, 1).map((cable) => cable.linkId),
    ...(proposal?.remove ?? []),
  ]);
  const ports = await maskPortCards(db, reach, await portCards(db, ids));
  const cables = await maskCableCards(db, reach, await cableCards(db, links));
  return findings.flatMap((finding): Finding[] => {
    const port = ports.get(finding.port_id);
    if (port === undefined) return [];
    const { way, proposal } = around.get(finding.id) ?? {};
    return [
      {
        id: finding.id,
        verdict: finding.verdict,
        state: finding.state,
        port,
        documented: ports.get(finding.documented_id ?? 0) ?? null,
        cable: cables.get(way?.cables[0]?.linkId ?? 0) ?? null,
        observed: {
          source: finding.source,
          text: finding.text,
          port: ports.get(finding.observed_port_id ?? 0) ?? null,
          firstSeen: firstSeen(finding) ?? finding.since,
          lastSeen: finding.last_seen,
        },
        since: finding.since,
        proposal: proposal ? proposalView(proposal, ports, cables) : null,
        ignoredUntil: finding.ignored_until,
        ignoredReason: finding.ignored_reason,
        ignoredBy: finding.ignored_by,
      },
    ];
  });
}

function proposalView(
  { remove, add }: Proposal,
  ports: ReadonlyMap<number, PortCard>,
  cables: ReadonlyMap<number, CableCard>,
): Finding['proposal'] {
  const cords = add.flatMap(({ a, b }) => {
    const [from, to] = [ports.get(a.portId), ports.get(b.portId)];
    return from === undefined || to === undefined ? [] : [{ a: from, aSide: a.side, b: to, bSide: b.side }];
  });
  const gone = remove.flatMap((id) => cables.get(id) ?? []);
  return cords.length === add.length && gone.length === remove.length ? { remove: gone, add: cords } : null;
}
