import type { BilingualText, drillScenarios } from '@rackhaus/config/contract';
import type { OwnCondition } from '../../alerting/parts.ts';

export type DrillScenario = (typeof drillScenarios)[number];

const titles: Readonly<Record<DrillScenario, (device: string) => BilingualText>> = {
  device: (device) => ({ de: `${device} antwortet nicht`, en: `${device} does not answer` }),
  power: (device) => ({ de: `${device} ohne Strom`, en: `${device} has no power` }),
  temperature: (device) => ({ de: `${device}: zu warm`, en: `${device}: too warm` }),
  water: (device) => ({ de: `Wasser: ${device}`, en: `Water: ${device}` }),
};

/** The fault that a drill plays, as the engine is told of it. Its title says first that it is a drill. */
export function playedFault(drill: {
  readonly id: number;
  readonly scenario: DrillScenario;
  readonly deviceId: number;
  readonly device: string;
  readonly place: string;
  readonly startedAt: number;
}): OwnCondition {
  const title = titles[drill.scenario](drill.device);
  return {
    id: drill.scenario,
    severity: 'critical',
    title: { de: `Übung: ${title.de}`, en: `Drill: ${title.en}` },
    advice: {
      de: 'Dies ist eine Übung. Bitte verhalten Sie sich wie bei einer echten Störung: bestätigen, nachsehen, melden.',
      en: 'This is a drill. Please act as you would in a real fault: acknowledge, look, report.',
    },
    place: drill.place,
    since: drill.startedAt,
    drillOf: { deviceId: drill.deviceId, drillId: drill.id },
  };
}
