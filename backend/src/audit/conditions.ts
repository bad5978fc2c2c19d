import type { OwnCondition } from '../alerting/parts.ts';
import type { Broken } from './verify.ts';

/** Where the chain is broken, and since when that is known. */
export interface LogBroken {
  readonly number: number;
  readonly why: Broken;
  readonly since: number;
}

const whys: Readonly<Record<Broken, { de: string; en: string }>> = {
  changed: {
    de: 'Der Eintrag ist nicht so, wie er geschrieben wurde.',
    en: 'The entry is not as it was written.',
  },
  missing: { de: 'Der Eintrag fehlt.', en: 'The entry is missing.' },
  people: {
    de: 'Der Eintrag nennt nicht mehr die Person, die er beim Schreiben nannte.',
    en: 'The entry does not name the person any more that it named when it was written.',
  },
  cut: {
    de: 'Am Ende fehlen Einträge, die schon da waren.',
    en: 'At its end entries are missing that were there.',
  },
};

/** What asks for attention about the log: that it does not hold any more, or cannot be written. Pure. */
export function logConditions(
  broken: LogBroken | null,
  trouble: { readonly since: number; readonly lost: number } | null,
): OwnCondition[] {
  const conditions: OwnCondition[] = [];
  if (broken !== null) {
    const { number, why, since } = broken;
    conditions.push({
      id: 'chain',
      severity: 'critical',
      title: {
        de: `Das Protokoll ist bei Nummer ${number} nicht mehr unversehrt`,
        en: `The log is not intact any more at number ${number}`,
      },
      advice: {
        de: `${whys[why].de} Bitte sichern Sie Datenbank und Server, bevor Sie weiterarbeiten, und klären Sie, wer Zugriff auf den Server hatte.`,
        en: `${whys[why].en} Please make a copy of database and server before you go on, and find out who had access to the server.`,
      },
      place: 'Rackhaus',
      since,
    });
  }
  if (trouble !== null)
    conditions.push({
      id: 'writing',
      severity: 'critical',
      title: { de: 'Das Protokoll kann nicht geschrieben werden', en: 'The log cannot be written' },
      advice: {
        de: `Bisher fehlen darin ${trouble.lost} Einträge. Bitte prüfen Sie, ob der Datenträger des Servers voll ist oder Fehler meldet.`,
        en: `So far ${trouble.lost} entries are missing in it. Please check whether the disk of the server is full or reports errors.`,
      },
      place: 'Rackhaus',
      since: trouble.since,
    });
  return conditions;
}
