import { DeviceRole, type HealthState, type PowerDevice, type PowerSource } from '@rackhaus/config/contract';
import { roleName } from '../device/role-name.ts';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

export function roleWord(role: string): string {
  return roleName(DeviceRole.catch('other').parse(role));
}

export const verdictState: Readonly<Record<PowerDevice['verdict'], HealthState>> = {
  redundant: 'ok',
  'same-source': 'warning',
  'one-supply': 'unmonitored',
  unknown: 'unknown',
};

/** What the documentation says of a device's supplies. */
export function verdictWords({ verdict, single }: Pick<PowerDevice, 'verdict' | 'single'>): string {
  const names = single.map(({ name }) => name).join(', ');
  switch (verdict) {
    case 'redundant':
      return m.power_verdict_redundant();
    case 'same-source':
      return m.power_verdict_same_source({ names });
    case 'one-supply':
      return m.power_verdict_one_supply();
    case 'unknown':
      return m.power_verdict_unknown();
  }
}

/** What feeds it stands in a site that whoever looks is not for. */
export function leadsBeyond({ inlets }: Pick<PowerDevice, 'inlets'>): boolean {
  return inlets.some(({ end }) => end === 'beyond');
}

/** Why it is not known whether a device has two sources. */
export function unknownWords(device: Pick<PowerDevice, 'inlets'>): string {
  const open = device.inlets.filter(({ chain, end }) => chain.length === 0 && end !== 'beyond');
  if (open.length > 0) return m.power_unknown_cords({ inlets: open.map(({ name }) => name).join(', ') });
  return leadsBeyond(device) ? m.power_unknown_beyond() : m.power_unknown_feed();
}

export const remarkState: Readonly<Record<PowerSource['remark'], HealthState>> = {
  well: 'ok',
  'over-limit': 'critical',
  'over-limit-on-failover': 'warning',
  unknown: 'unknown',
};

/** Whether a source's load is allowed, in a few words. */
export function remarkWords(source: PowerSource): string {
  switch (source.remark) {
    case 'well':
      return source.redundantFeeds > 0 ? m.power_remark_well_alone() : m.power_remark_well();
    case 'over-limit':
      return m.power_remark_over();
    case 'over-limit-on-failover':
      return m.power_remark_over_alone();
    case 'unknown':
      if (source.watts === null)
        return source.monitored ? m.power_remark_silent() : m.power_remark_unmeasured();
      if (source.limitWatts === null) return m.power_remark_no_limit();
      return m.power_remark_other_unknown();
  }
}

/** "1,2 kW von 4,5 kW (27 %)", as far as it is known. */
export function wattsWords(watts: number | null, limit: number | null): string {
  if (watts === null) return m.power_watts_unknown();
  const said = quantities.power(watts);
  return limit === null
    ? said
    : m.power_watts_of({
        watts: said,
        limit: quantities.power(limit),
        share: quantities.percent(watts / limit),
      });
}

/** Calm below four fifths of the limit. */
export function toneOf(share: number): 'calm' | 'warning' | 'critical' {
  return share > 1 ? 'critical' : share > 0.8 ? 'warning' : 'calm';
}

/** "Phase 1", "Ausgang 1", "Gruppe 1" of what devices call so. */
export function phaseName(name: string): string {
  const [, what = '', number = ''] = /^(phase|output|bank)\s*(\w*)$/i.exec(name) ?? [];
  switch (what.toLowerCase()) {
    case 'phase':
      return m.power_phase({ number });
    case 'output':
      return m.power_output({ number });
    case 'bank':
      return m.power_bank({ number });
    default:
      return name;
  }
}

/** "5,2 A von 16 A" */
export function amperesWords(amperes: number | null, limit: number | null): string {
  if (amperes === null) return m.power_watts_unknown();
  const said = quantities.inUnit(amperes, 'A', 1);
  return limit === null
    ? said
    : m.power_amperes_of({ amperes: said, limit: quantities.inUnit(limit, 'A', 0) });
}
