import type { AlertRule } from '@rackhaus/config/alert-rules';
import { type BilingualText, metric } from '@rackhaus/config/contract';
import { withNumbers } from '../../rules/describe.ts';

const words = {
  de: { device: 'Gerät', entity: 'Etwas', sensor: 'Fühler', storage: 'Speicher', access: 'Tür' },
  en: { device: 'Device', entity: 'Something', sensor: 'Sensor', storage: 'Storage', access: 'Door' },
};

/** What a rule says, without names: "{device}: Port {entity} ohne Verbindung" is "Port ohne Verbindung". */
export function ruleTitle(rule: AlertRule): BilingualText {
  const kind = rule.metric === undefined ? 'sensor' : metric(rule.metric).kind;
  const title = (language: 'de' | 'en') => {
    const word = words[language];
    const begins =
      rule.family === 'access'
        ? word.access
        : kind === 'sensor' || kind === 'storage'
          ? word[kind]
          : word.entity;
    const filled = withNumbers(rule, rule.title)
      [language].replace(/^\{device\}: |: \{device\}(, \{entity\})?$/g, '')
      .replace(/(?<=\S)( (von|of))? \{entity\}/g, '')
      .replace(/(?<=Agent) \{device\}/g, '')
      .replace(/\{(device|entity)\}/g, (_, key: string) => (key === 'device' ? word.device : begins));
    return filled.charAt(0).toLocaleUpperCase(language) + filled.slice(1);
  };
  return { de: title('de'), en: title('en') };
}
