import type { NutTemplate } from '@rackhaus/config/checks';
import type { Findings } from '../result.ts';

/** What the variables of a UPS mean, by the template. */
export function readVariables(
  variables: ReadonlyMap<string, string>,
  template: NutTemplate,
  findings: Findings,
): void {
  readIdentity(variables, template, findings);
  readStatus(variables, template, findings);
  for (const { variable, metric, entity, scale, drop, limits } of template.values) {
    const names = typeof variable === 'string' ? [variable] : variable;
    const value = names.map((name) => numberIn(variables, name)).find((number) => number !== null) ?? null;
    if (value === null || drop.includes(value)) continue;
    findings.add(metric, entity, value * scale);
    if (limits === undefined) continue;
    const limit = (name: string | undefined) => {
      const number = name === undefined ? null : numberIn(variables, name);
      return number === null ? null : number * scale;
    };
    findings.limits(metric, entity, {
      lowCritical: limit(limits.lowCritical),
      lowWarning: limit(limits.lowWarning),
      highWarning: limit(limits.highWarning),
      highCritical: limit(limits.highCritical),
    });
  }
}

function readIdentity(
  variables: ReadonlyMap<string, string>,
  { identity }: NutTemplate,
  findings: Findings,
): void {
  const first = (names: readonly string[]) =>
    names.map((name) => variables.get(name)?.trim()).find((text) => text !== undefined && text !== '') ??
    null;
  findings.identity = {
    vendor: first(identity.vendor),
    model: first(identity.model),
    serial: first(identity.serial),
    firmware: first(identity.firmware),
    description: first(identity.description),
  };
}

function readStatus(variables: ReadonlyMap<string, string>, template: NutTemplate, findings: Findings): void {
  const status = variables.get('ups.status')?.trim() ?? '';
  const flags = new Set(status.split(/\s+/).filter((flag) => flag !== ''));
  // Without flags the driver knows nothing; WAIT: it has not asked yet.
  if (flags.size === 0 || flags.has('WAIT')) return;
  const first = <S extends { readonly flag: string }>(states: readonly S[]) =>
    states.find(({ flag }) => flags.has(flag));
  const source = first(template.source);
  if (source) findings.state('ups.source', '', source.is, status);
  const battery = first(template.battery);
  if (battery)
    findings.state('ups.battery', '', battery.is, variables.get('battery.charger.status') ?? status);
  findings.state('ups.replaceBattery', '', flags.has(template.replaceBattery) ? 'yes' : 'no');
  const text = variables.get(template.alarms.text)?.trim() ?? '';
  const alarm = first(template.alarms.flags);
  findings.state('sensor.state', template.alarms.entity, alarm?.is ?? 'ok', text === '' ? alarm?.flag : text);
  const result = variables.get(template.test.variable)?.trim() ?? '';
  const test = template.test.results.find(
    ({ matches }) => result !== '' && new RegExp(matches, 'i').test(result),
  );
  if (test) findings.state('ups.test', '', test.is, result);
}

function numberIn(variables: ReadonlyMap<string, string>, name: string): number | null {
  const text = variables.get(name)?.trim() ?? '';
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
