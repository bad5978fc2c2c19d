import type { AlertRule } from '@rackhaus/config/alert-rules';
import type { BilingualText } from '@rackhaus/config/contract';
import { limitWords, withinWords } from './describe.ts';
import { dative, numberText } from './number-text.ts';

/** Words for states of the catalogue that do not speak for themselves. */
const stateWords: Readonly<Record<string, BilingualText>> = {
  down: { de: 'getrennt', en: 'down' },
  lowerLayerDown: { de: 'Unterbau getrennt', en: 'lower layer down' },
  notPresent: { de: 'nicht bestückt', en: 'not present' },
  fault: { de: 'Fehler', en: 'fault' },
  otherFault: { de: 'anderer Fehler', en: 'other fault' },
  half: { de: 'halbduplex', en: 'half duplex' },
  warning: { de: 'Warnung', en: 'warning' },
  critical: { de: 'kritisch', en: 'critical' },
  wet: { de: 'nass', en: 'wet' },
  open: { de: 'offen', en: 'open' },
  alarm: { de: 'Alarm', en: 'alarm' },
  none: { de: 'kein Ausgang', en: 'no output' },
  bypass: { de: 'umgangen', en: 'bypass' },
  battery: { de: 'auf Batterie', en: 'on battery' },
  low: { de: 'schwach', en: 'low' },
  depleted: { de: 'leer', en: 'depleted' },
  fails: { de: 'antwortet nicht', en: 'does not answer' },
  pingOnly: { de: 'antwortet nur auf Ping', en: 'answers ping only' },
};

/** When a rule holds, in words without a device's name: "über 27 °C, 10 min lang". Empty where its title says all. */
export function whenWords(rule: AlertRule): BilingualText {
  const what = conditionWords(rule);
  if (rule.for === 0) return what;
  const time = numberText('s', rule.for);
  if (what.de === '') return { de: `${time.de} lang`, en: `for ${time.en}` };
  return { de: `${what.de}, ${time.de} lang`, en: `${what.en} for ${time.en}` };
}

function conditionWords(rule: AlertRule): BilingualText {
  const { when } = rule;
  const limit = limitWords(rule) ?? { de: '', en: '' };
  const within = withinWords(rule) ?? { de: '', en: '' };
  if ('is' in when) {
    const states = [when.is]
      .flat()
      .filter((name) => name !== 'yes' && name !== 'no')
      .map((name) => stateWords[name] ?? { de: name, en: name });
    return { de: states.map(({ de }) => de).join(', '), en: states.map(({ en }) => en).join(', ') };
  }
  if ('beyond' in when)
    return when.beyond === 'warning'
      ? {
          de: 'jenseits der Warngrenze, die das Gerät selbst hat',
          en: "beyond the device's own warning limit",
        }
      : {
          de: 'jenseits der kritischen Grenze, die das Gerät selbst hat',
          en: "beyond the device's own critical limit",
        };
  if ('above' in when) return { de: `über ${limit.de}`, en: `above ${limit.en}` };
  if ('below' in when) return { de: `unter ${limit.de}`, en: `below ${limit.en}` };
  if ('rises' in when)
    return {
      de: `steigt um ${limit.de} in ${dative(within.de)}`,
      en: `rises by ${limit.en} in ${within.en}`,
    };
  if ('falls' in when)
    return { de: `fällt um ${limit.de} in ${dative(within.de)}`, en: `falls by ${limit.en} in ${within.en}` };
  if ('fullWithin' in when)
    return { de: `in weniger als ${dative(limit.de)} voll`, en: `full in less than ${limit.en}` };
  if ('changes' in when)
    return {
      de: `wechselt ${limit.de}-mal in ${dative(within.de)}`,
      en: `changes ${limit.en} times in ${within.en}`,
    };
  return { de: `seit ${dative(limit.de)} nichts gehört`, en: `nothing heard for ${limit.en}` };
}
