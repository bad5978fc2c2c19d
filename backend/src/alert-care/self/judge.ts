import type { BilingualText, Severity } from '@rackhaus/config/contract';
import type { OwnCondition } from '../../alerting/parts.ts';

/** What Rackhaus sees of itself. `null`: it could not be found out, which says nothing. */
export interface SelfFacts {
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
  /** How often in a row these have failed. */
  readonly storeFailures: number;
  readonly databaseFailures: number;
  /** Messages that wait although it was their turn long ago, and nobody has tried to send them. */
  readonly stuckMessages: number;
}

const gigabyte = 1e9;
/** Once may be chance. */
const failuresInARow = 2;
/** It ends where there is so much more than where it began. */
const clearFactor = 1.15;

/** Full before this is noticed is too late: the database cannot write then. */
function diskSeverity(
  { freeBytes, totalBytes }: NonNullable<SelfFacts['disk']>,
  before: Severity | null,
): Severity | null {
  const below = (limit: number, holds: boolean) => freeBytes < limit * (holds ? clearFactor : 1);
  if (below(0.02 * totalBytes, before === 'critical')) return 'critical';
  return below(0.1 * totalBytes, before !== null) || below(2 * gigabyte, before !== null) ? 'warning' : null;
}

/** What is wrong with Rackhaus itself. `before`: what was wrong at the last look. */
export function judge(facts: SelfFacts, before: readonly OwnCondition[], now: number): OwnCondition[] {
  const known = new Map(before.map((condition) => [condition.id, condition]));
  const found: OwnCondition[] = [];
  const add = (id: string, severity: Severity, title: BilingualText, advice: BilingualText) =>
    found.push({ id, severity, title, advice, place: '', since: known.get(id)?.since ?? now });
  const disk = facts.disk === null ? null : diskSeverity(facts.disk, known.get('disk')?.severity ?? null);
  // Where the disk cannot be asked, it is as it was.
  const diskBefore = known.get('disk');
  if (facts.disk === null && diskBefore !== undefined) found.push(diskBefore);
  if (disk !== null)
    add(
      'disk',
      disk,
      {
        de: 'Der Speicherplatz von Rackhaus wird knapp',
        en: 'Rackhaus is running out of disk space',
      },
      {
        de: 'Bitte auf dem Server Platz schaffen oder den Datenträger vergrößern. Ist er voll, wird nichts mehr aufgezeichnet und niemand mehr benachrichtigt.',
        en: 'Please make room on the server or enlarge the disk. When it is full, nothing is recorded and nobody is told any more.',
      },
    );
  if (facts.databaseFailures >= failuresInARow)
    add(
      'database',
      'critical',
      { de: 'Rackhaus kann nicht in seine Datenbank schreiben', en: 'Rackhaus cannot write to its database' },
      {
        de: 'Bitte Datenträger und Datenbank des Servers prüfen; das Protokoll nennt den Fehler. Bis dahin wird niemand benachrichtigt.',
        en: 'Please check the disk and the database of the server; the log names the error. Until then nobody is told of anything.',
      },
    );
  if (facts.storeFailures >= failuresInARow)
    add(
      'store',
      'critical',
      { de: 'Der Messwertspeicher antwortet nicht', en: 'The measurement store does not answer' },
      {
        de: 'Messwerte bleiben bei den Agenten, bis er wieder antwortet. Bitte den Speicher prüfen; das Protokoll nennt den Fehler.',
        en: 'Readings stay with the agents until it answers again. Please check the store; the log names the error.',
      },
    );
  if (facts.stuckMessages > 0)
    add(
      'messages',
      'critical',
      { de: 'Benachrichtigungen bleiben liegen', en: 'Messages are not being sent' },
      {
        de: 'Nachrichten warten, ohne dass sie jemand zu senden versucht. Bitte Rackhaus neu starten; das Protokoll nennt den Fehler.',
        en: 'Messages wait and nobody tries to send them. Please restart Rackhaus; the log names the error.',
      },
    );
  return found;
}
