import type { ProbeResult } from '@rackhaus/config/contract';

/** The result for people at a terminal. */
export function formatProbe(result: ProbeResult): string {
  const facts: [string, string | null][] = [
    ['Profile', result.profile],
    ['System', result.os],
    ['Vendor', result.vendor],
    ['Model', result.model],
    ['Serial', result.serial],
    ['Firmware', result.firmware],
    ['Uptime', result.uptimeSeconds === null ? null : formatDuration(result.uptimeSeconds)],
  ];
  const sections = [facts.map(([name, value]) => `${name.padEnd(10)}${value ?? '-'}`).join('\n')];
  if (result.match) sections.push(choiceText(result.profile, result.match));
  if (result.ports.length > 0)
    sections.push(
      columns('Port', [
        ['name', 'index', 'oper', 'admin', 'speed', 'received', 'sent', 'label'],
        ...result.ports.map((port) => [
          port.name,
          String(port.ifIndex),
          String(port.oper ?? '-'),
          String(port.admin ?? '-'),
          formatRate(port.speed),
          formatRate(port.rx),
          formatRate(port.tx),
          String(port.alias ?? ''),
        ]),
      ]),
    );
  if (result.sensors.length > 0)
    sections.push(
      columns('Sensors', [
        ['name', 'metric', 'value', 'state', 'word', 'limits', 'from'],
        ...result.sensors.map((sensor) => [
          sensor.name,
          sensor.metric,
          sensor.unit === 'ratio'
            ? `${+(sensor.value * 100).toFixed(1)} %`
            : `${sensor.value} ${sensor.unit}`.trim(),
          sensor.state ?? '',
          sensor.word ?? '',
          limitsText(sensor.limits),
          sensor.oid ?? '',
        ]),
      ]),
    );
  if (result.neighbours.length > 0)
    sections.push(
      columns('Neighbours', [
        ['port', 'device', 'its port'],
        ...result.neighbours.map((each) => [each.localPort, each.remoteName, each.remotePort]),
      ]),
    );
  return `${sections.join('\n\n')}\n`;
}

/** How many of the profiles that lost are worth reading. */
const mostOthers = 8;

function choiceText(profile: string, { by, others }: NonNullable<ProbeResult['match']>): string {
  const lines = others.slice(0, mostOthers).map((each) => `  not ${each.profile} (${each.by}): ${each.why}`);
  const more = others.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more`);
  return [by === null ? `No profile fits, so ${profile}` : `${profile} because ${by}`, ...lines].join('\n');
}

/** `18 .. 27 | 15 .. 32`: warnings, then critical limits. */
function limitsText(limits: ProbeResult['sensors'][number]['limits']): string {
  if (!limits) return '';
  const pair = (low: number | null, high: number | null) =>
    low === null && high === null ? '' : `${low ?? ''} .. ${high ?? ''}`;
  return [pair(limits.lowWarning, limits.highWarning), pair(limits.lowCritical, limits.highCritical)].join(
    ' | ',
  );
}

function columns(title: string, rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [title, ...lines].join('\n');
}

function formatRate(value: string | number | null | undefined): string {
  if (typeof value !== 'number') return '-';
  for (const [factor, unit] of [
    [1e9, 'Gbit/s'],
    [1e6, 'Mbit/s'],
    [1e3, 'kbit/s'],
  ] as const)
    if (value >= factor) return `${+(value / factor).toFixed(1)} ${unit}`;
  return `${value} bit/s`;
}

function formatDuration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const time = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19);
  return days === 0 ? time : `${days} d ${time}`;
}
