import type { InventoryRecord, RecordNames } from '@rackhaus/config/contract';

/** One thing that ends. `day`: `2026-11-22`. */
export interface Ending {
  readonly key: string;
  readonly what: 'warranty' | 'support' | 'contract' | 'notice';
  readonly day: string;
  readonly kind: 'device' | 'contract';
  readonly id: number;
  readonly name: string;
  readonly where: string;
  readonly costCents: number | null;
}
export interface Month {
  /** `2026-11`. */
  readonly month: string;
  readonly endings: readonly Ending[];
  readonly costCents: number;
}

/** A day moved by whole days. */
export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The same day of the month some months later, or that month's last. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** What of a device ends from `from` to `to`, both included. */
export function deviceEndings(
  device: InventoryRecord<'device'>,
  names: RecordNames,
  span: { from: string; to: string },
): Ending[] {
  const where = [names[`room/${device.roomId}`], names[`rack/${device.rackId}`]].filter(Boolean).join(', ');
  const base = {
    kind: 'device',
    id: device.id,
    name: device.name,
    where,
    costCents: device.costCents,
  } as const;
  const within = (day: string | null): day is string => day !== null && day >= span.from && day <= span.to;
  const { warrantyUntil, supportUntil } = device;
  return [
    ...(within(warrantyUntil)
      ? [{ ...base, key: `device/${device.id}/warranty`, what: 'warranty', day: warrantyUntil } as const]
      : []),
    // What a device cost counts once, also when both run out.
    ...(within(supportUntil)
      ? [
          {
            ...base,
            key: `device/${device.id}/support`,
            what: 'support',
            day: supportUntil,
            costCents: within(warrantyUntil) ? null : device.costCents,
          } as const,
        ]
      : []),
  ];
}

/** What of a contract ends from `from` to `to`: itself, and before that the time in which it can be given notice. */
export function contractEndings(
  contract: InventoryRecord<'contract'>,
  span: { from: string; to: string },
): Ending[] {
  const { id, name, endsOn, noticeDays } = contract;
  if (endsOn === null) return [];
  const base = { kind: 'contract', id, name, where: contract.supplier ?? '' } as const;
  const within = (day: string) => day >= span.from && day <= span.to;
  const end: Ending = {
    ...base,
    key: `contract/${id}/end`,
    what: 'contract',
    day: endsOn,
    costCents: contract.costCents,
  };
  const notice = noticeDays === null ? null : addDays(endsOn, -noticeDays);
  return [
    // The cost stands with the end: the notice is of the same contract.
    ...(notice !== null && within(notice)
      ? [{ ...base, key: `contract/${id}/notice`, what: 'notice', day: notice, costCents: null } as const]
      : []),
    ...(within(endsOn) ? [end] : []),
  ];
}

/** Endings by month, the next one first. Costs that are not known count as nothing. */
export function byMonth(endings: readonly Ending[]): Month[] {
  const sorted = endings.toSorted((a, b) => a.day.localeCompare(b.day) || a.name.localeCompare(b.name));
  return [...Map.groupBy(sorted, ({ day }) => day.slice(0, 7))].map(([month, some]) => ({
    month,
    endings: some,
    costCents: some.reduce((sum, { costCents }) => sum + (costCents ?? 0), 0),
  }));
}

/** Serial numbers that more than one device has, with those devices. Case and blanks do not count. */
export function duplicateSerials<D extends { readonly serial: string | null }>(
  devices: readonly D[],
): { serial: string; devices: D[] }[] {
  const groups = Map.groupBy(
    devices.filter(({ serial }) => serial !== null),
    ({ serial }) => (serial ?? '').replaceAll(/\s/g, '').toUpperCase(),
  );
  return [...groups.values()]
    .filter((some) => some.length > 1)
    .map((some) => ({ serial: some[0]?.serial ?? '', devices: some }));
}
