import { type LabelWarning, labelWarnings } from '@rackhaus/config/contract';

/** Something that does not fit on a label as it should. */
export interface Misfit {
  readonly code: LabelWarning['code'];
  /** The name of the object. */
  readonly label: string;
  readonly detail: string;
}

const namesShown = 3;
const groupsShown = 100;

/** The same misfit of many labels is one warning, and so is that of both ends of a cable. */
export function warningsOf(misfits: readonly Misfit[]): LabelWarning[] {
  const groups = new Map<string, { code: LabelWarning['code']; detail: string; labels: Set<string> }>();
  for (const { code, detail, label } of misfits) {
    const key = `${code} ${detail}`;
    const group = groups.get(key) ?? { code, detail, labels: new Set() };
    group.labels.add(label);
    groups.set(key, group);
  }
  return [...groups.values()]
    .toSorted((a, b) => labelWarnings.indexOf(a.code) - labelWarnings.indexOf(b.code))
    .slice(0, groupsShown)
    .map(({ code, detail, labels }) => ({
      code,
      detail,
      labels: [...labels].slice(0, namesShown),
      count: labels.size,
    }));
}
