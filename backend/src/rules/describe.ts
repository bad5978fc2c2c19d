import { type AlertRule, limitOf } from '@rackhaus/config/alert-rules';
import { type BilingualText, type Condition, metric, type Unit } from '@rackhaus/config/contract';
import { dative, numberText } from './number-text.ts';
import { beyondWords, generalBeyond, generalReading, readingWords } from './own-limit-words.ts';
import type { Excess } from './own-limits.ts';

/** What a condition is about. */
export interface About {
  readonly id: string;
  readonly deviceId: number;
  readonly name: string;
  readonly place: string;
  readonly roomId: number | null;
  readonly entity: string;
  readonly since: number;
  /** Of limits that the device itself has set. */
  readonly beyond?: Excess | undefined;
}

const nothing: BilingualText = { de: '', en: '' };

/** A text of a rule with its limit and its time. */
function filled(rule: AlertRule, text: BilingualText, language: 'de' | 'en'): string {
  const limit = limitWords(rule) ?? nothing;
  const within = withinWords(rule) ?? nothing;
  return text[language].replace(
    /(\b(?:in|seit) (?:weniger als )?)?\{(limit|within)\}/gi,
    (_, before: string | undefined, key: string) => {
      const words = (key === 'limit' ? limit : within)[language];
      if (before === undefined) return words;
      return before + (language === 'de' ? dative(words) : words);
    },
  );
}

/** A text of a rule with its numbers, for no certain device. */
export function withNumbers(rule: AlertRule, text: BilingualText): BilingualText {
  const fill = (language: 'de' | 'en') =>
    filled(rule, text, language)
      .replaceAll('{reading}', generalReading[language])
      .replaceAll('{beyond}', generalBeyond(rule.when)[language]);
  return { de: fill('de'), en: fill('en') };
}

/** A condition in words. */
export function describe(rule: AlertRule, about: About): Condition {
  const { beyond } = about;
  const reading = beyond === undefined ? generalReading : readingWords(beyond, about.entity);
  const over = beyond === undefined ? generalBeyond(rule.when) : beyondWords(beyond);
  const fill = (text: BilingualText): BilingualText => {
    const one = (language: 'de' | 'en') =>
      filled(rule, text, language).replace(/\{(device|entity|place|reading|beyond)\}/g, (_, key: string) => {
        if (key === 'device') return about.name;
        if (key === 'entity') return about.entity;
        if (key === 'reading') return reading[language];
        return key === 'place' ? about.place : over[language];
      });
    return { de: one('de'), en: one('en') };
  };
  return {
    id: about.id,
    rule: rule.id,
    deviceId: about.deviceId,
    deviceName: about.name,
    place: about.place,
    roomId: about.roomId,
    entity: about.entity,
    severity: rule.severity,
    title: fill(rule.title),
    advice: fill(rule.advice),
    since: about.since,
    ...(beyond && { metric: beyond.id }),
  };
}

/** The unit that a rule's limit is in. */
export function limitUnit(rule: AlertRule): { readonly unit: Unit; readonly decimals: number } {
  if ('fullWithin' in rule.when || 'silentSeconds' in rule.when) return { unit: 's', decimals: 0 };
  if ('changes' in rule.when) return { unit: '', decimals: 0 };
  if (rule.share !== undefined) return { unit: 'ratio', decimals: 3 };
  if (rule.metric === undefined) return { unit: '', decimals: 0 };
  const { unit, decimals } = metric(rule.metric);
  return { unit, decimals };
}

/** The limit of a rule as people write it; undefined: it has none. */
export function limitWords(rule: AlertRule): BilingualText | undefined {
  if ('silentSeconds' in rule.when) return numberText('s', rule.when.silentSeconds);
  const limit = limitOf(rule.when);
  return limit === null ? undefined : numberText(limitUnit(rule).unit, limit.value);
}

/** The time that a rule looks back or ahead. */
export function withinWords(rule: AlertRule): BilingualText | undefined {
  const { when } = rule;
  if ('rises' in when) return numberText('s', when.rises.within);
  if ('falls' in when) return numberText('s', when.falls.within);
  if ('changes' in when) return numberText('s', when.changes.within);
  return undefined;
}
