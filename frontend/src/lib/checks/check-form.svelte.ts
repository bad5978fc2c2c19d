import { type CheckKind, type CheckSecret, type CheckView, checkSecrets } from '@rackhaus/config/contract';
import { type CheckField, checkFields } from './fields.ts';
import { newPoint, numberOf, type PointInput, storedPoints, typedPoints } from './points.ts';

/** What is typed of a check that is being made or changed. */
export class CheckForm {
  name = $state('');
  kind = $state<CheckKind>('http');
  serviceId = $state<string>('');
  active = $state(true);
  interval = $state('60');
  values = $state<Record<string, string | boolean>>({});
  /** Of a Modbus check. */
  points = $state<PointInput[]>([newPoint()]);
  /** `keep`: as it is. */
  signIn = $state<'none' | 'keep' | 'password' | 'token'>('none');
  user = $state('');
  password = $state('');
  token = $state('');

  constructor(check: CheckView | null) {
    if (check === null) {
      this.values = initialOf('http');
      return;
    }
    this.name = check.name;
    this.kind = check.kind;
    this.serviceId = check.serviceId === null ? '' : String(check.serviceId);
    this.active = check.active;
    this.interval = String(check.intervalSeconds);
    this.values = { ...initialOf(check.kind), ...typedOf(check) };
    this.points = typedPoints(check.settings.points);
    this.signIn = check.secret === null ? 'none' : 'keep';
  }

  setKind(kind: CheckKind): void {
    this.kind = kind;
    this.values = {
      ...initialOf(kind),
      ...(typeof this.values.host === 'string' ? { host: this.values.host } : {}),
    };
    this.signIn = kind === 'redfish' ? 'password' : 'none';
  }

  get fields(): CheckField[] {
    return checkFields[this.kind].filter((field) => field.when?.(this.values) ?? true);
  }

  get ways(): readonly CheckSecret['kind'][] {
    return checkSecrets[this.kind];
  }

  get settings(): Record<string, unknown> {
    return Object.fromEntries(
      this.fields.map((field) => [
        field.name,
        field.type === 'points' ? storedPoints(this.points) : settingOf(field, this.values[field.name] ?? ''),
      ]),
    );
  }

  /** undefined: as it is. */
  get secret(): CheckSecret | null | undefined {
    if (this.signIn === 'keep') return undefined;
    if (this.signIn === 'password') return { kind: 'password', user: this.user, password: this.password };
    return this.signIn === 'token' ? { kind: 'token', token: this.token } : null;
  }
}

function initialOf(kind: CheckKind): Record<string, string | boolean> {
  return Object.fromEntries(checkFields[kind].map(({ name, initial }) => [name, initial]));
}

function typedOf({ kind, settings }: CheckView): Record<string, string | boolean> {
  return Object.fromEntries(
    checkFields[kind].flatMap(({ name, type }): [string, string | boolean][] => {
      const value = settings[name];
      if (value === undefined) return [];
      if (type === 'flag') return [[name, value === true]];
      if (type === 'points') return [];
      return [[name, Array.isArray(value) ? value.join(', ') : value === null ? '' : String(value)]];
    }),
  );
}

function settingOf({ type, name }: CheckField, typed: string | boolean): unknown {
  if (typeof typed === 'boolean') return typed;
  const text = typed.trim();
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  switch (type) {
    case 'number':
      return numberOf(text);
    case 'numbers':
      return parts.map(numberOf);
    case 'list':
      return parts;
    default:
      return text === '' && name !== 'url' && name !== 'name' ? null : text;
  }
}
