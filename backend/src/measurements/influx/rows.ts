import type { ResultSeries } from './client.ts';

/** One row of an answer: its time in milliseconds since 1970 and its numbers by column. */
export interface Row {
  readonly time: number;
  readonly values: Readonly<Record<string, number | null>>;
}

/** The rows of all series, one series after the other. What is no number is null. */
export function rowsOf(series: readonly ResultSeries[]): Row[] {
  return series.flatMap(({ columns, values }) =>
    values.flatMap((row) => {
      const time = row[columns.indexOf('time')];
      if (typeof time !== 'number') return [];
      const numbers: Record<string, number | null> = {};
      for (const [i, column] of columns.entries()) {
        const value = row[i];
        if (column !== 'time') numbers[column] = typeof value === 'number' ? value : null;
      }
      return [{ time, values: numbers }];
    }),
  );
}
