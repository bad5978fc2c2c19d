import type { AlertSettings } from '@rackhaus/config/contract';
import type { Message } from '../message.ts';

/** A message in one language, before a channel gives it its form. */
export interface Words {
  /** "Kritisch: core-1 antwortet nicht", with all that must not be missed: a drill, late, over. */
  readonly headline: string;
  /** Place, effect, since when, one each. */
  readonly lines: readonly string[];
  /** All of it in as few characters as can be, for SMS; with link and code. */
  readonly short: string;
  /** How to answer; null: there is nothing to answer. */
  readonly howToAnswer: string | null;
  readonly acknowledge: string;
  readonly open: string;
  readonly confirm: string;
  readonly acknowledged: string;
  readonly notAcknowledged: string;
}

/** How a message comes to be told, besides what it says. */
export interface Circumstances {
  /** Sent more than a few minutes after it was meant to be. */
  readonly late: boolean;
  /** It tells the end of something of which this channel has never told the beginning. */
  readonly beginningUntold: boolean;
  readonly now: number;
}

const texts = {
  de: {
    critical: 'Kritisch',
    warning: 'Warnung',
    worse: 'Jetzt kritisch',
    escalated: 'Noch nicht übernommen',
    reminder: 'Erinnerung',
    acknowledged: 'Übernommen',
    resolved: 'Vorbei',
    wasAndIsOver: 'War und ist vorbei',
    test: 'Test',
    drill: 'ÜBUNG',
    late: (time: string) => `verspätet, von ${time}`,
    since: (time: string) => `Seit ${time}`,
    lasted: (from: string, until: string) => `Von ${from} bis ${until}`,
    acknowledge: 'Übernehmen',
    open: 'Ansehen',
    confirm: 'Empfang bestätigen',
    wasAcknowledged: 'Übernommen. Danke.',
    notAcknowledged: 'Das Übernehmen ging nicht. Bitte öffnen Sie Rackhaus.',
    answer: (code: string) => `Zum Übernehmen mit ${code} antworten.`,
    answerShort: (code: string) => `Antwort ${code} = übernommen`,
    testAnswer: 'Mit OK antworten: Empfang bestätigt',
  },
  en: {
    critical: 'Critical',
    warning: 'Warning',
    worse: 'Now critical',
    escalated: 'Not yet taken',
    reminder: 'Reminder',
    acknowledged: 'Taken',
    resolved: 'Over',
    wasAndIsOver: 'Was and is over',
    test: 'Test',
    drill: 'DRILL',
    late: (time: string) => `late, of ${time}`,
    since: (time: string) => `Since ${time}`,
    lasted: (from: string, until: string) => `From ${from} until ${until}`,
    acknowledge: 'Take over',
    open: 'View',
    confirm: 'Confirm receipt',
    wasAcknowledged: 'Taken over. Thank you.',
    notAcknowledged: 'Taking over did not work. Please open Rackhaus.',
    answer: (code: string) => `Answer ${code} to take over.`,
    answerShort: (code: string) => `Answer ${code} = taken over`,
    testAnswer: 'Answer OK: receipt confirmed',
  },
} as const;

/** What a message says: what it is and what has failed first, then where, then the rest. Pure. */
export function wordsOf(
  message: Message,
  settings: Pick<AlertSettings, 'language' | 'timeZone'>,
  { late, beginningUntold, now }: Circumstances,
): Words {
  const t = texts[settings.language];
  const clock = (time: number) => clockTime(time, now, settings);
  const title = message.title[settings.language];
  const kind = kindWord(message, beginningUntold, t);
  const prefix = [message.drill ? t.drill : null, kind].filter((part) => part !== null).join(' – ');
  const lateWord = late ? ` (${t.late(clock(message.time))})` : '';
  const over = message.notice === 'resolved';
  const incident = message.incidentId !== null;
  const time = !incident
    ? null
    : over
      ? t.lasted(clock(message.since), clock(message.time))
      : t.since(clock(message.since));
  const lines = [
    message.place,
    over ? null : message.effect[settings.language],
    time,
    message.text?.[settings.language] ?? null,
  ].filter((line) => line !== null && line !== '') as string[];
  const headline = `${prefix === '' ? '' : `${prefix}: `}${title}${lateWord}`;
  const answer =
    message.replyCode !== null
      ? t.answerShort(message.replyCode)
      : message.notice === 'test'
        ? t.testAnswer
        : null;
  return {
    headline,
    lines,
    short: [[headline, ...lines].join('. '), answer, message.link].filter((part) => part !== null).join('. '),
    howToAnswer:
      message.replyCode !== null
        ? t.answer(message.replyCode)
        : message.notice === 'test'
          ? `${t.testAnswer}.`
          : null,
    acknowledge: t.acknowledge,
    open: t.open,
    confirm: t.confirm,
    acknowledged: t.wasAcknowledged,
    notAcknowledged: t.notAcknowledged,
  };
}

function kindWord(
  message: Message,
  beginningUntold: boolean,
  t: (typeof texts)[keyof typeof texts],
): string | null {
  switch (message.notice) {
    case 'opened':
    case 'drill':
      return t[message.severity];
    case 'resolved':
      return beginningUntold ? t.wasAndIsOver : t.resolved;
    case 'summary':
      return null;
    default:
      return t[message.notice];
  }
}

/** "10:42", of another day "21.11. 10:42", in the time zone that is set. Pure. */
export function clockTime(
  time: number,
  now: number,
  { language, timeZone }: Pick<AlertSettings, 'language' | 'timeZone'>,
): string {
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  const day = new Intl.DateTimeFormat('en-CA', { timeZone });
  const clock = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    ...(day.format(time) === day.format(now) ? {} : { day: '2-digit', month: '2-digit' }),
  });
  return clock.format(time).replace(',', '');
}
