import type { PowerSource } from '@rackhaus/config/contract';
import type { EntityValues } from './readings.ts';

/** Volts of a phase against neutral; IEC 60038. */
const mainsVolts = 230;
/** Below this load a share that is rounded to whole per cents says little about the whole. */
const leastTellingLoad = 0.1;
/** UPS-MIB upsOutputSource */
const onBattery = 5;

/** What the maker says of a source, null where he does not. */
export interface Rated {
  /** The most that one inlet may draw, watts. */
  readonly inletWatts: number | null;
  /** Of a UPS: the most that it gives, watts. */
  readonly outputWatts: number | null;
  readonly phases: number;
}

export interface Measured {
  readonly watts: number | null;
  readonly load: number | null;
  readonly limitWatts: number | null;
  readonly limitFrom: PowerSource['limitFrom'];
  readonly phases: PowerSource['phases'];
  readonly runtimeSeconds: number | null;
  readonly onBattery: boolean;
  /** Watts of single outlets, where it measures them. */
  readonly outletWatts: ReadonlyMap<string, number>;
}

/** What a UPS, PDU or strip measures of itself, beside what its maker allows. */
export function measuredOf(role: string, readings: readonly EntityValues[], rated: Rated): Measured {
  const isUps = role === 'ups';
  const lines = readings.filter(({ kind, entity }) => kind === 'line' && !/^(in|bypass)/i.test(entity));
  const value = (kind: string, name: string) => readings.find((each) => each.kind === kind)?.values[name];
  const outputs = lines.filter(({ entity }) => !/^bank/i.test(entity));
  const lineWatts = outputs.flatMap(({ values }) => values.power ?? []);
  const said = value('ups', 'load') ?? most(lines.flatMap(({ values }) => values.load ?? []));
  const rating = isUps ? rated.outputWatts : rated.inletWatts;
  const read = value('device', 'power') ?? (lineWatts.length > 0 ? sum(lineWatts) : undefined);
  const watts = read ?? (said !== undefined && rating !== null ? Math.round(said * rating) : null);
  const reported =
    read !== undefined && said !== undefined && said >= leastTellingLoad
      ? Math.round(read / said / 50) * 50
      : null;
  const limitWatts = rating ?? reported;
  return {
    watts,
    load: said ?? share(watts, limitWatts),
    limitWatts,
    limitFrom: rating !== null ? 'type' : reported !== null ? 'reported' : null,
    phases: lines.flatMap(({ entity, values }) =>
      values.current === undefined
        ? []
        : [
            {
              name: entity,
              amperes: values.current,
              // Banks have fuses of their own, of which the type says nothing.
              limitAmperes:
                rating === null || /^bank/i.test(entity)
                  ? null
                  : Math.round((rating / mainsVolts / Math.max(rated.phases, outputs.length)) * 10) / 10,
            },
          ],
    ),
    runtimeSeconds: value('ups', 'runtime') ?? null,
    onBattery: value('ups', 'source') === onBattery,
    outletWatts: new Map(
      readings.flatMap(({ kind, entity, values }) =>
        kind === 'outlet' && values.power !== undefined ? [[entity, values.power]] : [],
      ),
    ),
  };
}

/** One as a share of the other; null when one is not known. */
export function share(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

function most(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
