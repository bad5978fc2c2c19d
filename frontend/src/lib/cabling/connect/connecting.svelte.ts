import {
  type CableCard,
  CableProposal,
  type CableRemark,
  ConnectReply,
  type NewCableInput,
  type PortCard,
  PortStatus,
  type RoomView,
} from '@rackhaus/config/contract';
import { untrack } from 'svelte';
import { type Api, ApiProblem } from '../../api/api.ts';
import type { Said } from '../../history/undo.svelte.ts';
import { m } from '../../paraglide/messages.js';
import { Records } from '../../records/api.ts';
import { cableName, portName } from '../cable-words.ts';

type Kind = CableCard['kind'];
/** The cable in the form, as it is typed. */
export interface CableDraft {
  kind: Kind;
  label: string;
  medium: NonNullable<CableCard['medium']> | '';
  color: string;
  length: string;
}
/** An end that is on its way to another port. */
interface MovingEnd {
  readonly endId: number;
  readonly cable: CableCard;
  readonly from: PortCard;
}

const pauseMs = 180;

/** What somebody who connects has chosen so far, and what the server says of it. */
export class Connecting {
  readonly #api: Api;
  readonly #said: Said;
  readonly #records: Records;
  #from = $state.raw<PortCard | null>(null);
  #to = $state.raw<PortCard | null>(null);
  #occupied = $state.raw<PortStatus | null>(null);
  #moving = $state.raw<MovingEnd | null>(null);
  #candidates = $state.raw<readonly PortCard[]>([]);
  #remarks = $state.raw<readonly CableRemark[]>([]);
  #problem = $state.raw<ApiProblem | null>(null);
  #busy = $state(false);
  #again = $state(false);
  #checking: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The room that is drawn: where the next ports are looked for. */
  room: RoomView | null = null;
  draft: CableDraft = $state({ kind: 'patch', label: '', medium: '', color: '', length: '' });
  /** Many at once are being put together. */
  ranges = $state(false);

  constructor(options: { api: Api; said: Said }) {
    this.#api = options.api;
    this.#said = options.said;
    this.#records = new Records({ api: options.api });
  }

  get from(): PortCard | null {
    return this.#from;
  }
  get to(): PortCard | null {
    return this.#to;
  }
  /** A port that was chosen and holds a cable already. */
  get occupied(): PortStatus | null {
    return this.#occupied;
  }
  get moving(): MovingEnd | null {
    return this.#moving;
  }
  /** Free ports that fit, nearest first. */
  get candidates(): readonly PortCard[] {
    return this.#candidates;
  }
  get remarks(): readonly CableRemark[] {
    return this.#remarks;
  }
  get refused(): boolean {
    return this.#remarks.some(({ level }) => level === 'refuse');
  }
  get problem(): ApiProblem | null {
    return this.#problem;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** The cable in the form follows one that was just made. */
  get again(): boolean {
    return this.#again;
  }

  /** Somebody points at a port: it becomes the beginning, the target, or is said to be occupied. */
  async pick(portId: number): Promise<void> {
    await this.#guarded(async () => {
      this.take(await this.#api.get(`/api/ports/${portId}/place`, PortStatus));
    });
  }

  /** The same where the port is known already. */
  take(status: PortStatus): void {
    const { port } = status;
    this.#problem = null;
    this.#again = false;
    if (this.#moving !== null) {
      void this.#move(this.#moving, port);
      return;
    }
    if (port.id === this.#from?.id) {
      this.restart();
      return;
    }
    if (status.front !== null) {
      this.#occupied = status;
      return;
    }
    this.#occupied = null;
    if (this.#from === null) void this.begin(port);
    else void this.aim(port);
  }

  async begin(port: PortCard): Promise<void> {
    this.restart();
    this.#from = port;
    await this.#guarded(async () => {
      const reply = await this.#api.get(`/api/cables/proposal?from=${port.id}`, CableProposal);
      if (this.#from?.id === port.id) this.#candidates = reply.candidates;
    });
  }

  async aim(port: PortCard): Promise<void> {
    const from = this.#from;
    if (from === null) return;
    this.#to = port;
    this.#remarks = [];
    await this.#guarded(async () => {
      const query = new URLSearchParams({ from: String(from.id), to: String(port.id) });
      const { cable, remarks } = await this.#api.get(`/api/cables/proposal?${query}`, CableProposal);
      if (this.#to?.id !== port.id) return;
      this.draft = {
        kind: cable.kind,
        label: cable.label,
        medium: cable.medium ?? '',
        color: cable.color ?? '',
        length: cable.lengthM === null ? '' : String(cable.lengthM).replace('.', m.connect_decimal_mark()),
      };
      this.#remarks = remarks;
    });
  }

  /** Nothing is chosen any more. */
  restart(): void {
    this.#from = null;
    this.#to = null;
    this.#occupied = null;
    this.#moving = null;
    this.#candidates = [];
    this.#remarks = [];
    this.#problem = null;
    this.#again = false;
  }

  /** One step back: from the form to the target, from the target to the beginning. @returns whether there was one */
  back(): boolean {
    if (this.ranges) this.ranges = false;
    else if (this.#occupied !== null) this.#occupied = null;
    else if (this.#to !== null) {
      this.#to = null;
      this.#remarks = [];
    } else if (this.#from !== null || this.#moving !== null) this.restart();
    else return false;
    return true;
  }

  /** What is typed has changed: asks what is to be said of it. */
  edited(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), pauseMs);
  }

  /** Makes the cable, and proposes the next one between the ports that follow. */
  async connect(): Promise<void> {
    const [from, to, cable] = [this.#from, this.#to, this.#cable()];
    if (from === null || to === null || cable === null || this.#busy) return;
    await this.#guarded(async () => {
      const reply = await this.#send([cable], false);
      const [made] = reply.cables;
      this.#remarks = made?.remarks ?? [];
      if (reply.changeId === null || made === undefined) return;
      this.#said.show({
        text: m.connect_said({
          cable: cableName({ kind: cable.kind ?? 'patch', label: made.label }),
          a: portName(from),
          b: portName(to),
        }),
        changeId: reply.changeId,
      });
      await this.#proposeNext(from, to);
    });
  }

  /** Checks or makes many at once. @throws ApiProblem */
  async bulk(cables: readonly NewCableInput[], check: boolean): Promise<ConnectReply> {
    const reply = await this.#send(cables, check);
    if (reply.changeId !== null)
      this.#said.show({
        text: m.connect_many_said({ count: cables.length }),
        changeId: reply.changeId,
      });
    return reply;
  }

  async unplug(status: PortStatus): Promise<void> {
    const cable = status.front;
    if (cable === null) return;
    await this.#guarded(async () => {
      const { changeId } = await this.#records.remove('link', cable.id);
      this.#said.show({
        text: m.connect_unplugged({ cable: cableName(cable), port: portName(status.port) }),
        changeId,
      });
      this.#occupied = null;
    });
  }

  /** The end that is in this port goes where is pointed next. */
  async moveEnd(status: PortStatus): Promise<void> {
    const cable = status.front;
    if (cable === null) return;
    await this.#guarded(async () => {
      const filter = [`portId:is:${status.port.id}`, 'portSide:is:front'];
      const { records } = await this.#records.list('link-end', { filter });
      const [end] = records;
      if (end === undefined) return;
      this.restart();
      this.#moving = { endId: end.id, cable, from: status.port };
    });
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#checking?.abort();
  }

  async #move(moving: MovingEnd, port: PortCard): Promise<void> {
    await this.#guarded(async () => {
      const { changeId } = await this.#records.patch('link-end', moving.endId, {
        portId: port.id,
        portSide: port.twoSided && moving.cable.kind === 'permanent' ? 'rear' : 'front',
      });
      this.#said.show({
        text: m.connect_moved({ cable: cableName(moving.cable), port: portName(port) }),
        changeId,
      });
      this.restart();
    });
  }

  async #check(): Promise<void> {
    const cable = this.#cable();
    if (cable === null) return;
    this.#checking?.abort();
    const abort = new AbortController();
    this.#checking = abort;
    await this.#guarded(async () => {
      const reply = await this.#send([cable], true);
      if (!abort.signal.aborted) this.#remarks = reply.cables[0]?.remarks ?? [];
    }, false);
  }

  #cable(): NewCableInput | null {
    const [from, to] = [this.#from, this.#to];
    if (from === null || to === null) return null;
    const { kind, label, medium, color, length } = untrack(() => this.draft);
    const side = (port: PortCard) => (port.twoSided && kind === 'permanent' ? 'rear' : 'front');
    const metres = Number(length.replace(',', '.'));
    return {
      kind,
      label,
      medium: medium === '' ? null : medium,
      color: color.trim() === '' ? null : color.trim(),
      lengthM: length.trim() === '' || !Number.isFinite(metres) || metres < 0.01 ? null : metres,
      a: { portId: from.id, side: side(from) },
      b: { portId: to.id, side: side(to) },
    };
  }

  #send(cables: readonly NewCableInput[], check: boolean): Promise<ConnectReply> {
    return this.#api.send('POST', '/api/cables', { cables, check }, ConnectReply);
  }

  async #proposeNext(from: PortCard, to: PortCard): Promise<void> {
    const next = [nextFree(this.room, from), nextFree(this.room, to)] as const;
    this.restart();
    if (next[0] === null || next[1] === null) return;
    const statuses = [
      await this.#api.get(`/api/ports/${next[0]}/place`, PortStatus),
      await this.#api.get(`/api/ports/${next[1]}/place`, PortStatus),
    ];
    if (statuses.some(({ front }) => front !== null)) return;
    this.#from = statuses[0]?.port ?? null;
    if (statuses[1]) await this.aim(statuses[1].port);
    this.#again = true;
  }

  async #guarded(work: () => Promise<void>, busy = true): Promise<void> {
    if (busy) this.#busy = true;
    try {
      await work();
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#problem = error;
    } finally {
      if (busy) this.#busy = false;
    }
  }
}

/** The free port of its kind that follows on the same device; null where there is none, or the device is not in the room. */
function nextFree(room: RoomView | null, port: PortCard): number | null {
  const devices = [...(room?.racks ?? []).flatMap((rack) => rack.devices), ...(room?.unracked ?? [])];
  const ports = devices.find(({ id }) => port.owner.kind === 'device' && id === port.owner.id)?.ports ?? [];
  const alike = ports.filter(({ kind }) => kind === port.kind);
  const at = alike.findIndex(({ id }) => id === port.id);
  return alike.slice(at + 1).find(({ occupied }) => !occupied)?.id ?? null;
}
