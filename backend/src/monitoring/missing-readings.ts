import type { AlertRule } from '@rackhaus/config/alert-rules';
import type { Condition } from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { describe } from '../rules/describe.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import type { LiveDevice } from './live-device.ts';

/** What readings are missed for: silence of the device, while the agent was well. */
interface Silence {
  /** On the clock that nobody sets; null: the agent is not well, so nothing is known. */
  since: number | null;
  conditions: readonly Condition[];
}

/**
 * Notices that nothing is heard of a device though the agent that polls it is well. An agent that is silent itself is one fault
 * and is told as that; when it comes back, its devices get their time again. What was said stays said until the device is heard.
 */
export class MissingReadings {
  readonly #agentIsWell: (deviceId: number) => boolean;
  readonly #silent = new Map<number, Silence>();

  constructor(options: { agentIsWell: (deviceId: number) => boolean }) {
    this.#agentIsWell = options.agentIsWell;
  }

  /** Looks at a device that is silent. @returns whether something else is said of it now */
  look(live: LiveDevice, book: RuleBook, time: { now: number; elapsed: number }): boolean {
    const { device } = live;
    const silence = this.#silenceOf(device.id);
    if (!this.#agentIsWell(device.id)) {
      silence.since = null;
      return false;
    }
    silence.since ??= time.elapsed;
    const seconds = (time.elapsed - silence.since) / 1000;
    const said = book.silence(device).flatMap((rule) => {
      const known = silence.conditions.find((condition) => condition.rule === rule.id);
      if (known) return [known];
      if (!('silentSeconds' in rule.when) || seconds < rule.when.silentSeconds) return [];
      return [conditionOf(rule, device, live.lastSeen ?? Math.round(time.now - seconds * 1000))];
    });
    const same =
      said.length === silence.conditions.length && said.every((one, at) => one === silence.conditions[at]);
    silence.conditions = said;
    return !same;
  }

  of(deviceId: number): readonly Condition[] {
    return this.#silent.get(deviceId)?.conditions ?? [];
  }

  /** What was said before a restart is said until the device is heard. */
  restore(
    rules: readonly AlertRule[],
    device: MonitoredDevice,
    sinceOf: (conditionId: string) => number | undefined,
  ): void {
    const conditions = rules.flatMap((rule) => {
      const since = sinceOf(idOf(rule, device));
      return since === undefined ? [] : [conditionOf(rule, device, since)];
    });
    if (conditions.length > 0) this.#silent.set(device.id, { since: null, conditions });
  }

  heard(deviceId: number): void {
    this.#silent.delete(deviceId);
  }

  forget(deviceId: number): void {
    this.#silent.delete(deviceId);
  }

  #silenceOf(deviceId: number): Silence {
    let silence = this.#silent.get(deviceId);
    if (!silence) {
      silence = { since: null, conditions: [] };
      this.#silent.set(deviceId, silence);
    }
    return silence;
  }
}

function idOf(rule: AlertRule, device: MonitoredDevice): string {
  return `${device.id}/${rule.id}/`;
}

function conditionOf(rule: AlertRule, device: MonitoredDevice, since: number): Condition {
  const { id: deviceId, name, place, roomId } = device;
  return describe(rule, { id: idOf(rule, device), deviceId, name, place, roomId, entity: '', since });
}
