import type { CableProof, Finding } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { explain } from '../api/explain.ts';
import { cableName, portName } from '../cabling/cable-words.ts';
import { dayWords, momentWords } from '../history/words.ts';
import { m } from '../paraglide/messages.js';

const dayMs = 86_400_000;

/** "Widerspruch". */
export function verdictWord(verdict: Finding['verdict']): string {
  const words = {
    contradicted: m.drift_verdict_contradicted,
    missing: m.drift_verdict_missing,
    dark: m.drift_verdict_dark,
  };
  return words[verdict]();
}

/** "an der MAC-Adresse erkannt". */
export function sourceWords(source: Finding['observed']['source']): string {
  const words = {
    lldp: m.drift_source_lldp,
    cdp: m.drift_source_cdp,
    fdb: m.drift_source_fdb,
    link: m.drift_source_link,
    hand: m.drift_source_hand,
  };
  return words[source]();
}

/** What is there instead: as documented where it is known, else in the device's own words. */
export function observedName({ verdict, observed }: Pick<Finding, 'verdict' | 'observed'>): string {
  if (verdict === 'dark') return m.drift_no_link();
  return observed.port === null ? observed.text : portName(observed.port);
}

/** What is wrong, in one sentence. */
export function findingSentence(finding: Finding, now: number): string {
  const port = portName(finding.port);
  const documented = finding.documented === null ? m.drift_nothing() : portName(finding.documented);
  const observed = observedName(finding);
  if (finding.verdict === 'dark')
    return m.drift_dark_sentence({ port, documented, days: Math.floor((now - finding.since) / dayMs) });
  return finding.verdict === 'missing'
    ? m.drift_missing_sentence({ port, observed })
    : m.drift_contradicted_sentence({ port, documented, observed });
}

/** "seit heute, 14:05", "seit Montag, 2. März 2026". */
export function sinceWords(time: number): string {
  return m.drift_since({ time: momentWords(time) });
}

/** What accepting it would write, a line for each cable. */
export function proposalLines({ proposal }: Pick<Finding, 'proposal'>): string[] {
  if (proposal === null) return [];
  const [removed, ...others] = proposal.remove;
  const [cord, ...more] = proposal.add;
  const moves = removed !== undefined && cord !== undefined && more.length === 0;
  if (moves)
    return [
      m.drift_proposal_move({ cable: cableName(removed), a: portName(cord.a), b: portName(cord.b) }),
      ...others.map((cable) => m.drift_proposal_remove({ cable: cableName(cable) })),
    ];
  return [
    ...proposal.remove.map((cable) => m.drift_proposal_remove({ cable: cableName(cable) })),
    ...proposal.add.map(({ a, b }) => m.drift_proposal_add({ a: portName(a), b: portName(b) })),
  ];
}

/** "Nachgewiesen am 2. März 2026, 14:05"; null: nothing is known. */
export function proofSentence(proof: CableProof): { readonly text: string; readonly good: boolean } | null {
  const { verdict, confirmedAt, source, by } = proof;
  const time = confirmedAt === null ? null : momentWords(confirmedAt);
  const last = time === null ? '' : ` · ${m.drift_proof_last({ time })}`;
  if (verdict === 'contradicted') return { text: m.drift_proof_contradicted() + last, good: false };
  if (verdict === 'dark') return { text: m.drift_proof_dark() + last, good: false };
  if (time === null) return null;
  if (source === 'hand') return { text: m.drift_proof_hand({ name: by ?? '', time }), good: true };
  return { text: m.drift_proof_confirmed({ time }), good: true };
}

/** Why something could not be done with a finding. */
export function driftProblem(problem: ApiProblem): string {
  if (problem.reason === 'gone') return m.drift_gone();
  if (problem.reason === 'no-proposal') return m.drift_no_single_way();
  return explain(problem);
}

export { dayWords };
