import type { Finding, PlannedChange } from '@rackhaus/config/contract';

/**
 * The work that a finding asks for: the proposal, carried out and labelled at the rack. `contradicted` without a proposal: an order to
 * look on site, still without changes. `dark`: the cord that nobody uses is taken out. null: nothing can be planned.
 */
export function plannedFor(finding: Finding): { title: string; changes: PlannedChange[] } | null {
  const name = (port: Finding['port']) => `${port.owner.name} ${port.name}`;
  if (finding.verdict === 'dark')
    return finding.cable === null
      ? null
      : {
          title: `${name(finding.port)}: ${finding.documented?.owner.name ?? ''}`,
          changes: [{ action: 'remove-link', linkId: finding.cable.id, keep: true }],
        };
  const add = finding.proposal?.add ?? [];
  const remove = finding.proposal?.remove ?? [];
  if (add.length === 0 && finding.verdict === 'missing') return null;
  return {
    title: `${name(finding.port)}: ${finding.observed.port === null ? finding.observed.text : name(finding.observed.port)}`,
    changes: [
      ...remove.map((cable): PlannedChange => ({ action: 'remove-link', linkId: cable.id, keep: false })),
      ...add.map(
        (cord): PlannedChange => ({
          action: 'add-link',
          kind: 'patch',
          label: null,
          medium: null,
          color: null,
          lengthM: null,
          a: { portId: cord.a.id, portSide: cord.aSide, connector: 1 },
          b: { portId: cord.b.id, portSide: cord.bSide, connector: 1 },
        }),
      ),
    ],
  };
}
