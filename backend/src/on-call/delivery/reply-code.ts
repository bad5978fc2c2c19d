import type { Database } from '../../database/tables.ts';

/** None that is taken for another, spoken or on a small screen. */
const letters = 'ACDEFHKLMNPRTUVWXY';
const digits = '23456789';
const perLetter = 3;

/** Codes of one length, neighbours unlike each other; the shortest that are free are taken. */
function codeAt(index: number, length: number): string {
  let rest = Math.floor(index / letters.length);
  let code = letters[index % letters.length] ?? '';
  for (let place = 1; place < length; place++) {
    code += digits[(rest * perLetter + index) % digits.length];
    rest = Math.floor(rest / digits.length);
  }
  return code;
}

/**
 * The code of an incident that answers name, "K7": the one it has, else one that no incident that lasts has. Codes of
 * incidents that follow each other differ, so that a late answer does not meet another one.
 */
export async function replyCodeFor(tx: Database, incidentId: number): Promise<string> {
  const known = await tx
    .selectFrom('deliveries')
    .select('reply_code')
    .where('incident_id', '=', incidentId)
    .where('reply_code', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  if (known?.reply_code) return known.reply_code;
  const rows = await tx
    .selectFrom('deliveries')
    .innerJoin('incidents', 'incidents.id', 'deliveries.incident_id')
    .select('deliveries.reply_code')
    .distinct()
    .where('incidents.state', '<>', 'resolved')
    .where('deliveries.reply_code', 'is not', null)
    .execute();
  return firstFree(incidentId, new Set(rows.map(({ reply_code }) => reply_code)));
}

/** Pure: see {@link replyCodeFor}. */
export function firstFree(incidentId: number, taken: ReadonlySet<string | null>): string {
  for (let length = 2; ; length++) {
    const codes = letters.length * digits.length ** (length - 1);
    for (let step = 0; step < codes; step++) {
      const code = codeAt((incidentId + step) % codes, length);
      if (!taken.has(code)) return code;
    }
  }
}
