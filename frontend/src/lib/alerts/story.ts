import type { IncidentEvent } from '@rackhaus/config/contract';

/** Events that follow each other and say the same of many: shown as one line that opens. */
export interface StoryLine {
  readonly key: number;
  readonly events: readonly IncidentEvent[];
}

const many = 4;
const gathered: ReadonlySet<IncidentEvent['kind']> = new Set(['joined', 'left']);

/** The events in order of time; runs of the same, where something joins or leaves, as one. */
export function storyLines(events: readonly IncidentEvent[]): StoryLine[] {
  const runs: IncidentEvent[][] = [];
  for (const event of events.toSorted((a, b) => a.time - b.time || a.id - b.id)) {
    const last = runs.at(-1);
    if (last && gathered.has(event.kind) && last[0]?.kind === event.kind) last.push(event);
    else runs.push([event]);
  }
  return runs
    .flatMap((run) => (run.length >= many ? [run] : run.map((event) => [event])))
    .map((run) => ({ key: run[0]?.id ?? 0, events: run }));
}
