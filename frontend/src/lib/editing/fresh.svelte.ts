import type { DeviceRole, DeviceTypeView } from '@rackhaus/config/contract';
import type { Records } from '../records/api.ts';

/** A device that is about to be made: its type, name and role, with a name suggested that is free. */
export class FreshDevice {
  readonly #records: Records;
  type = $state.raw<DeviceTypeView | null>(null);
  role = $state<DeviceRole>('other');
  name = $state('');
  /** The name that was suggested last: one that a person has typed stays. */
  #suggested = '';

  constructor(options: { records: Records }) {
    this.#records = options.records;
  }

  get ready(): boolean {
    return this.type !== null && this.name.trim() !== '';
  }

  /** Chooses a type; role and name follow what devices of this type are already called. @throws ApiProblem */
  async choose(type: DeviceTypeView): Promise<void> {
    this.type = type;
    const alike = await this.#records.list('device', {
      filter: [`typeId:is:${type.id}`],
      size: 200,
      sort: 'name',
    });
    if (this.type !== type) return;
    const last = alike.records.at(-1);
    this.role = last?.role ?? roleOf(type);
    await this.suggest(last?.name ?? `${shortName(this.role, type)}-0`);
  }

  /** Another one of the same: after one has been made. @throws ApiProblem */
  async next(): Promise<void> {
    await this.suggest(this.name);
  }

  async suggest(like: string): Promise<void> {
    const stem = like.replace(/\d+$/, '');
    const known = await this.#records.list('device', { filter: [`name:has:${stem}`], size: 1000 });
    const name = nextName(
      like,
      known.records.map((record) => record.name),
    );
    if (this.name.trim() === '' || this.name === this.#suggested || this.name === like) this.name = name;
    this.#suggested = name;
  }
}

/** The name after the highest number that is taken: "acc-ug-3" after "acc-ug-2"; keeps leading zeros. */
export function nextName(like: string, taken: readonly string[]): string {
  const stem = like.replace(/\d+$/, '');
  const digits = like.slice(stem.length);
  const numbers = taken
    .filter((name) => name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length)))
    .map((name) => Number(name.slice(stem.length)));
  const next = Math.max(Number(digits || 0), 0, ...numbers) + 1;
  return `${digits === '' ? `${stem}-` : stem}${String(next).padStart(digits.length, '0')}`;
}

/** What a type is most likely for, by what can be seen of it. */
export function roleOf(type: DeviceTypeView): DeviceRole {
  const words = `${type.manufacturer} ${type.model}`.toLowerCase();
  const kinds: readonly [RegExp, DeviceRole][] = [
    [/pdu|socket strip|steckdosenleiste|power control/, 'pdu'],
    [/smart-?ups|\bups\b|usv|smt\d|srt\d|\b5px|\b9px|xanto/, 'ups'],
    [/panel/, 'panel'],
    [/manager|brush|blank/, 'cable-manager'],
    [/shelf|drawer|tray/, 'shelf'],
    [/fortigate|sophos xgs|firewall/, 'firewall'],
    [/poweredge|proliant|thinksystem|primergy|nuc|thinkcentre/, 'server'],
    [/synology|qnap|msa|storage|storeever/, 'storage'],
    [/sensor|poseidon|netbotz|thermo/, 'sensor'],
    [/laserjet|officejet|\bprinter|taskalfa|ecosys|bizhub|imagerunner/, 'printer'],
    [/aironet|c9120|ap-\d|unifi|\bu6\b|lx-/, 'access-point'],
  ];
  for (const [pattern, role] of kinds) if (pattern.test(words)) return role;
  const jacks = type.front.elements.filter(
    (element) => element.kind === 'port' && ['rj45', 'sfp', 'qsfp'].includes(element.shape),
  );
  return jacks.length >= 8 ? 'switch' : 'other';
}

function shortName(role: DeviceRole, type: DeviceTypeView): string {
  return role === 'other' ? type.model.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') : role;
}
