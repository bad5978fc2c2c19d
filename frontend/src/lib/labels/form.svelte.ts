import type { LabelKind, LabelMedium, LabelTemplate } from '@rackhaus/config/contract';

/** Something to label that was picked by name. */
export interface Picked {
  readonly id: number;
  /** null: it came by its number in the address. */
  readonly name: string | null;
}

/** A label job while somebody puts it together. Numbers are texts here, as they stand in their fields. */
export class LabelForm {
  kind = $state<LabelKind>('device');
  picked = $state.raw<readonly Picked[]>([]);
  roomId = $state('');
  rackId = $state('');
  deviceId = $state('');
  panelsOnly = $state(false);
  ports = $state('');

  /** As in {@link templateValue}. */
  template = $state('');
  text = $state('');
  withQr = $state(true);
  medium = $state('');
  start = $state('1');
  copies = $state('1');
  firstNumber = $state('1');
  cableDiameterMm = $state('6');
  shiftX = $state('0');
  shiftY = $state('0');

  /** Everything that picked something before is forgotten: a number means another object now. */
  choose(kind: LabelKind): void {
    this.kind = kind;
    this.picked = [];
    this.deviceId = '';
    this.rackId = '';
    this.roomId = '';
    this.ports = '';
  }

  /** Takes what the template says. */
  use(template: LabelTemplate): void {
    this.template = templateValue(template);
    this.text = template.lines.join('\n');
    this.withQr = template.withQr;
    this.medium = template.medium;
    this.start = '1';
  }

  get lines(): string[] {
    const lines = this.text.split('\n').map((line) => line.trim());
    return lines.filter((line) => line !== '');
  }

  get counts(): boolean {
    return /\{n(:[1-9])?\}/.test(this.text);
  }

  /** What the API takes; null while nothing is picked or nothing is to be written. */
  get job(): Record<string, unknown> | null {
    const selection = this.#selection();
    if (selection === null || this.lines.length === 0 || this.medium === '') return null;
    return {
      selection,
      lines: this.lines,
      withQr: this.withQr,
      medium: this.medium,
      start: whole(this.start, 1),
      copies: whole(this.copies, 1),
      firstNumber: whole(this.firstNumber, 1),
      cableDiameterMm: decimal(this.cableDiameterMm, 6),
      shiftX: decimal(this.shiftX, 0),
      shiftY: decimal(this.shiftY, 0),
    };
  }

  #selection(): Record<string, unknown> | null {
    const ports = this.kind === 'port' && this.ports.trim() !== '' ? { ports: this.ports.trim() } : {};
    if (this.picked.length > 0) return { kind: this.kind, ids: this.picked.map(({ id }) => id) };
    const { kind } = this;
    const device = kind === 'port' || kind === 'link' ? this.deviceId : '';
    const rack = kind === 'outlet' || kind === 'room' ? '' : this.rackId;
    if (device !== '') return { kind, deviceId: Number(device), ...ports };
    const role = kind === 'device' && this.panelsOnly ? { role: 'panel' } : {};
    if (rack !== '') return { kind, rackId: Number(rack), ...role, ...ports };
    return this.roomId === '' ? null : { kind, roomId: Number(this.roomId), ...role, ...ports };
  }
}

/** A template as the value of a choice. */
export function templateValue(template: Pick<LabelTemplate, 'id' | 'key'>): string {
  return template.id === null ? `built-in ${template.key}` : `own ${template.id}`;
}

/** The first placeholder of a template that is not known, or `{` for a brace without its other half; null when all is well. */
export function unknownPlaceholder(text: string, known: readonly string[]): string | null {
  for (const [, name = ''] of text.matchAll(/\{([^{}]*)\}/g))
    if (!known.includes(name.replace(/^n:[1-9]$/, 'n'))) return `{${name}}`;
  return /[{}]/.exec(text.replaceAll(/\{[^{}]*\}/g, ''))?.[0] ?? null;
}

function whole(text: string, otherwise: number): number {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) ? number : otherwise;
}

/** With a comma or a point. */
function decimal(text: string, otherwise: number): number {
  const number = Number(text.replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(number) ? number : otherwise;
}

/** The ids of `?ids=1,2,3`; what is no number is left out. */
export function idsOf(text: string | null): number[] {
  const ids = (text ?? '').split(',').map(Number);
  return [...new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0))];
}

/** Every label of a sheet, row by row. */
export function cellsOf(medium: LabelMedium): { x: number; y: number; w: number; h: number }[] {
  const { columns, rows, labelWidthMm, labelHeightMm } = medium;
  if (labelWidthMm === null) return [];
  return Array.from({ length: columns * rows }, (_, index) => ({
    x: medium.leftMm + (index % columns) * medium.pitchXMm,
    y: medium.topMm + Math.floor(index / columns) * medium.pitchYMm,
    w: labelWidthMm,
    h: labelHeightMm,
  }));
}
