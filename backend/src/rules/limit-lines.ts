import type { SeriesLimit } from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { nameOf } from './compile.ts';
import { judgeable, type OwnLimits } from './own-limits.ts';
import type { RuleBook, Subject } from './rule-book.ts';

/** What values of one entity are held against: the limits of the device that make sense, and those of rules as they are set here. */
export function limitLines(
  book: RuleBook,
  device: MonitoredDevice,
  { kind, entity, own }: Pick<Subject, 'kind' | 'entity'> & { readonly own: OwnLimits | undefined },
): SeriesLimit[] {
  const port = kind === 'port' ? device.ports.find(({ name }) => name === entity) : undefined;
  const ofDevice = judgeable(kind, own?.limits ?? {}, new Set()).flatMap(({ name, low, high }) =>
    (['low', 'high'] as const).flatMap((side) =>
      (['warning', 'critical'] as const).flatMap((level): SeriesLimit[] => {
        const value = (side === 'low' ? low : high)[level];
        return value === null ? [] : [{ metric: name, level, side, value, by: 'device' }];
      }),
    ),
  );
  const ofRules = book.for({ device, kind, entity, port }).flatMap(({ rule }): SeriesLimit[] => {
    // What only counts in some state, or of something else than the value, is no line.
    if (rule.metric === undefined || rule.share !== undefined || Object.keys(rule.where).length > 0)
      return [];
    const line = { metric: nameOf(rule.metric), level: rule.severity, by: 'rule' } as const;
    if ('above' in rule.when) return [{ ...line, side: 'high', value: rule.when.above }];
    return 'below' in rule.when ? [{ ...line, side: 'low', value: rule.when.below }] : [];
  });
  return [...ofDevice, ...ofRules];
}
