import type { DrillList, drillScenarios } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

export type Drill = DrillList['drills'][number];
export type Scenario = (typeof drillScenarios)[number];

/** What is played. */
export function scenarioWord(scenario: Scenario): string {
  switch (scenario) {
    case 'device':
      return m.drills_device();
    case 'power':
      return m.drills_power();
    case 'temperature':
      return m.drills_temperature();
    case 'water':
      return m.drills_water();
  }
}

/** "nach 12 s"; an en dash where it has not happened. */
export function afterWords(seconds: number | null): string {
  return seconds === null ? '–' : m.drills_after({ duration: quantities.duration(seconds) });
}
