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
        ['name', 'metric', 'value', 'state'],
        ...result.sensors.map((sensor) => [
          sensor.name,
          sensor.metric,
          sensor.unit === 'ratio'
            ? `${+(sensor.value * 100).toFixed(1)} %`
            : `${sensor.value} ${sensor.unit}`.trim(),
          sensor.state ?? '',
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
