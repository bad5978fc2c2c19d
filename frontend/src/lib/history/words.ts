import type { ChangeEntry, RecordKind, RecordNames, ShownEvent } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import { kindName, kindPlural } from '../records/names.ts';

type Counts = ChangeEntry['counts'];
type Deed = 'created' | 'updated' | 'deleted';

/** Comes and goes with something else, and is not worth a word beside it. */
const attendant: ReadonlySet<RecordKind> = new Set([
  'port',
  'link-end',
  'order-item',
  'order-step',
  'port-wire',
  'monitoring',
  'port-vlan',
  'service-device',
  'service-need',
  'plan-mark',
  'document',
]);
const deeds: readonly Deed[] = ['created', 'updated', 'deleted'];

export function deedSentence(what: string, deed: Deed): string {
  switch (deed) {
    case 'created':
      return m.history_created({ what });
    case 'updated':
      return m.history_updated({ what });
    case 'deleted':
      return m.history_deleted({ what });
  }
}

/** What a change did, in one line: "Gerät „sw-1“ angelegt", "12 Geräte, 3 Schränke angelegt". */
export function changeTitle(change: ChangeEntry): string {
  const { counts, first } = change;
  const own = counts.find(({ kind }) => kind === first?.kind);
  const worthy = counts.filter(({ kind }) => !attendant.has(kind));
  if (first === null || own === undefined) return listed(worthy.length > 0 ? worthy : counts);
  const deed = deeds.find((each) => own[each] > 0) ?? 'updated';
  if (first.kind === 'link-end') return cableSentence(first.name, deed);
  if (own.created + own.updated + own.deleted > 1) return listed(worthy.length > 0 ? worthy : counts);
  const rest = worthy.filter((each) => each !== own);
  const said = deedSentence(objectName(first.kind, first.name), deed);
  return rest.length === 0 ? said : m.history_and_more({ what: said, more: rest.map(amount).join(', ') });
}

/** What one event did. */
export function eventTitle(event: ShownEvent, names: RecordNames): string {
  const deed: Deed = event.before === null ? 'created' : event.after === null ? 'deleted' : 'updated';
  if (event.kind === 'link-end') return cableSentence(event.name, deed);
  if (event.objectId === 0) {
    const what = `${quantities.number(event.count)} ${event.count === 1 ? kindName(event.kind) : kindPlural(event.kind)}`;
    const owner = event.owner === null ? undefined : names[`${event.owner.kind}/${event.owner.id}`];
    return deedSentence(owner === undefined ? what : m.history_of({ what, owner }), deed);
  }
  const name = event.name === '' ? (names[`${event.kind}/${event.objectId}`] ?? '') : event.name;
  const owner = belongsTo(event, names);
  const what = objectName(event.kind, name);
  return deedSentence(owner === undefined ? what : m.history_of({ what, owner }), deed);
}

/** Of what is only known by what it belongs to: a port, a note. */
function belongsTo({ kind, owner }: ShownEvent, names: RecordNames): string | undefined {
  if (owner === null || !['port', 'monitoring', 'note', 'attachment'].includes(kind)) return undefined;
  return names[`${owner.kind}/${owner.id}`];
}

function cableSentence(at: string, deed: Deed): string {
  switch (deed) {
    case 'created':
      return m.history_plugged({ at });
    case 'updated':
      return m.history_replugged({ at });
    case 'deleted':
      return m.history_unplugged({ at });
  }
}

export function objectName(kind: RecordKind, name: string): string {
  return name === '' ? kindName(kind) : m.history_object({ kind: kindName(kind), name });
}

function amount({ kind, created, updated, deleted }: Counts[number]): string {
  const count = created + updated + deleted;
  return `${quantities.number(count)} ${count === 1 ? kindName(kind) : kindPlural(kind)}`;
}

const named = 4;
function listed(counts: Counts): string {
  const parts = deeds.flatMap((deed) => {
    const of = counts.filter((each) => each[deed] > 0);
    if (of.length === 0) return [];
    const shown = of
      .slice(0, named)
      .map((each) => amount({ kind: each.kind, created: 0, updated: 0, deleted: 0, [deed]: each[deed] }))
      .join(', ');
    const what = of.length <= named ? shown : m.record_and_more({ names: shown, count: of.length - named });
    return [deedSentence(what, deed)];
  });
  return parts.join('; ');
}

/** Where a change came from, unless a person made it by hand. */
export function sourceWord(source: ChangeEntry['source']): string | null {
  switch (source) {
    case 'person':
      return null;
    case 'import':
      return m.history_source_import();
    case 'undo':
      return m.history_source_undo();
    case 'agent':
      return m.history_source_agent();
    case 'setup':
      return m.history_source_setup();
    case 'system':
      return m.history_source_system();
  }
}

const language = () => (getLocale() === 'de' ? 'de-DE' : 'en-GB');

/** "Heute", "Gestern", "Montag, 2. März 2026". */
export function dayWords(time: number, now: number): string {
  const day = new Date(time).toDateString();
  if (day === new Date(now).toDateString()) return m.history_today();
  if (day === new Date(now - 86_400_000).toDateString()) return m.history_yesterday();
  return new Date(time).toLocaleDateString(language(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

/** "1. März 2026, 14:05". */
export function momentWords(time: number): string {
  const at = new Date(time);
  const date = at.toLocaleDateString(language(), { day: 'numeric', month: 'long', year: 'numeric' });
  return `${date}, ${clockWords(time)}`;
}

export function clockWords(time: number): string {
  return new Date(time).toLocaleTimeString(language(), { hour: '2-digit', minute: '2-digit' });
}
