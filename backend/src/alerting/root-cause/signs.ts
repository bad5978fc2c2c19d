import type { AlertRule } from '@rackhaus/config/alert-rules';

/** What a rule's condition says about causes. What says nothing is grouped by device and family. */
export type Sign =
  | 'link'
  | 'supply'
  | 'on-battery'
  | 'no-output'
  | 'battery'
  | 'device-silent'
  | 'agent-silent'
  | 'agent-offline';

/** By what they measure: rules may be renamed and added. */
export function signsOf(rules: readonly AlertRule[]): ReadonlyMap<string, Sign> {
  const signs = new Map<string, Sign>();
  for (const rule of rules) {
    const sign = signOf(rule);
    if (sign !== null) signs.set(rule.id, sign);
  }
  return signs;
}

function signOf({ metric, when }: AlertRule): Sign | null {
  const is = 'is' in when ? [when.is].flat() : [];
  if ('silentSeconds' in when) return metric?.startsWith('agent.') ? 'agent-silent' : 'device-silent';
  switch (metric) {
    case 'agent.gateway':
      return 'agent-offline';
    case 'port.oper':
      return 'link';
    case 'supply.state':
      return 'supply';
    case 'ups.source':
      if (is.includes('battery')) return 'on-battery';
      return is.includes('none') ? 'no-output' : null;
    case 'ups.battery':
    case 'ups.runtime':
      return 'battery';
    default:
      return null;
  }
}
