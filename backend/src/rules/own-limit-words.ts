import type { When } from '@rackhaus/config/alert-rules';
import { type BilingualText, type MetricId, metric } from '@rackhaus/config/contract';
import { numberText } from './number-text.ts';
import type { Excess } from './own-limits.ts';

/** What devices have limits for, by the metric's name within its kind. */
const names: Readonly<Record<string, BilingualText>> = {
  temperature: { de: 'Temperatur', en: 'Temperature' },
  humidity: { de: 'Luftfeuchte', en: 'Humidity' },
  voltage: { de: 'Spannung', en: 'Voltage' },
  current: { de: 'Strom', en: 'Current' },
  power: { de: 'Leistung', en: 'Power' },
  apparentPower: { de: 'Scheinleistung', en: 'Apparent power' },
  powerFactor: { de: 'Leistungsfaktor', en: 'Power factor' },
  energy: { de: 'Energie', en: 'Energy' },
  frequency: { de: 'Frequenz', en: 'Frequency' },
  fanSpeed: { de: 'Drehzahl', en: 'Fan speed' },
  speed: { de: 'Drehzahl', en: 'Fan speed' },
  opticalPower: { de: 'Optische Leistung', en: 'Optical power' },
  signal: { de: 'Signalstärke', en: 'Signal strength' },
  airflow: { de: 'Luftgeschwindigkeit', en: 'Air speed' },
  pressure: { de: 'Druck', en: 'Pressure' },
  load: { de: 'Auslastung', en: 'Load' },
  use: { de: 'Auslastung', en: 'Use' },
  fill: { de: 'Füllstand', en: 'Fill level' },
  share: { de: 'Anteil', en: 'Share' },
  count: { de: 'Anzahl', en: 'Count' },
  delay: { de: 'Verzögerung', en: 'Delay' },
  bitRate: { de: 'Datenrate', en: 'Data rate' },
  endurance: { de: 'Restlebensdauer', en: 'Life left' },
  runtime: { de: 'Restlaufzeit', en: 'Runtime left' },
  batteryTemperature: { de: 'Batterietemperatur', en: 'Battery temperature' },
  batteryVoltage: { de: 'Batteriespannung', en: 'Battery voltage' },
  batteryCurrent: { de: 'Batteriestrom', en: 'Battery current' },
};

/** Of no certain value. */
export const generalReading: BilingualText = { de: 'Messwert', en: 'Reading' };

/** Of no certain side. */
export function generalBeyond(when: When): BilingualText {
  const level = 'beyond' in when ? when.beyond : 'warning';
  return { de: ` jenseits ${limitName(level).de}`, en: ` beyond ${limitName(level).en}` };
}

/** "Temperatur Netzteil 1: 74 °C" */
export function readingWords({ id, value }: Excess, entity: string): BilingualText {
  const name = names[id.slice(id.indexOf('.') + 1)] ?? generalReading;
  const amount = amountWords(id, value);
  const one = (language: 'de' | 'en') =>
    `${[name[language], entity].filter((part) => part !== '').join(' ')}: ${amount[language]}`;
  return { de: one('de'), en: one('en') };
}

/** ", über der Warngrenze des Geräts von 70 °C" */
export function beyondWords({ id, limit, level, side }: Excess): BilingualText {
  const amount = amountWords(id, limit);
  const of = limitName(level);
  return {
    de: `, ${side === 'high' ? 'über' : 'unter'} ${of.de} von ${amount.de}`,
    en: `, ${side === 'high' ? 'above' : 'below'} ${of.en} of ${amount.en}`,
  };
}

function limitName(level: 'warning' | 'critical'): BilingualText {
  return level === 'warning'
    ? { de: 'der Warngrenze des Geräts', en: "the device's own warning limit" }
    : { de: 'der kritischen Grenze des Geräts', en: "the device's own critical limit" };
}

/** Lasers take milliamperes. */
function amountWords(id: MetricId, value: number): BilingualText {
  const { unit } = metric(id);
  if (unit !== 'A' || Math.abs(value) >= 0.1 || value === 0) return numberText(unit, value);
  const { de, en } = numberText('', Math.round(value * 1e5) / 100);
  return { de: `${de} mA`, en: `${en} mA` };
}
