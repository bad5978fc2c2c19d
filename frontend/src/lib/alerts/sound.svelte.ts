import type { IncidentSummary } from '@rackhaus/config/contract';
import { type Alarm, alarmOf } from './alarm.ts';

const repeatMs = 30_000;
const storageKey = 'rackhaus-sound';

/** Two tones and a pause, Hz and seconds: falling for what is critical, one soft tone for a warning. */
const melodies = {
  critical: [
    { hz: 880, at: 0, for: 0.22 },
    { hz: 660, at: 0.26, for: 0.22 },
    { hz: 880, at: 0.7, for: 0.22 },
    { hz: 660, at: 0.96, for: 0.34 },
  ],
  warning: [{ hz: 587, at: 0, for: 0.5 }],
} as const;

/** What plays tones: the browser's, which may keep silent until somebody has pressed something. */
export interface TonePlayer {
  /** False: the browser keeps silent. */
  readonly running: boolean;
  /** Asks to be allowed, from a press or not; resolves when it is answered. */
  resume(): Promise<void>;
  play(tones: readonly { readonly hz: number; readonly at: number; readonly for: number }[]): void;
  close(): void;
}

/** The sound of a wallboard: switched per browser, kept there, repeated while something critical waits for somebody. */
export class Sound {
  #storage: Pick<Storage, 'getItem' | 'setItem'>;
  #make: () => TonePlayer;
  #now: () => number;
  #player: TonePlayer | null = null;
  #on = $state(false);
  #blocked = $state(false);
  #known: ReadonlySet<number> | null = null;
  #open: readonly IncidentSummary[] = [];
  #repeating: ReturnType<typeof setInterval> | null = null;

  constructor(options: {
    storage: Pick<Storage, 'getItem' | 'setItem'>;
    player: () => TonePlayer;
    now: () => number;
  }) {
    this.#storage = options.storage;
    this.#make = options.player;
    this.#now = options.now;
  }

  get on(): boolean {
    return this.#on;
  }
  /** It is on, but the browser wants a press first. */
  get blocked(): boolean {
    return this.#on && this.#blocked;
  }

  start(): void {
    this.#on = this.#stored();
    if (this.#on) void this.#unlock();
  }

  stop(): void {
    this.#quiet();
    this.#player?.close();
    this.#player = null;
  }

  /** From a press: switches it, or only lets the browser allow what is on already. */
  async press(): Promise<void> {
    if (this.blocked) {
      await this.#unlock();
      this.#begin();
      return;
    }
    this.#on = !this.#on;
    this.#store(this.#on);
    if (!this.#on) {
      this.#quiet();
      return;
    }
    await this.#unlock();
    this.#begin();
  }

  /** Heard at once, so that one knows it works and how loud it is. */
  #begin(): void {
    this.#quiet();
    const { alarm } = alarmOf(this.#open, this.#known, this.#now());
    if (alarm === 'repeated') this.#sound(alarm);
    else this.#play('warning');
  }

  /** The incidents that are open now. */
  follow(incidents: readonly IncidentSummary[]): void {
    this.#open = incidents;
    const { alarm, known } = alarmOf(incidents, this.#known, this.#now());
    this.#known = known;
    if (this.#on) this.#sound(alarm);
  }

  #sound(alarm: Alarm): void {
    if (alarm !== 'repeated') this.#quiet();
    if (alarm === 'once') this.#play('warning');
    if (alarm !== 'repeated' || this.#repeating) return;
    this.#play('critical');
    this.#repeating = setInterval(() => this.#play('critical'), repeatMs);
  }

  #play(which: keyof typeof melodies): void {
    const player = this.#player;
    if (!player) return;
    this.#blocked = !player.running;
    if (player.running) player.play(melodies[which]);
  }

  async #unlock(): Promise<void> {
    this.#player ??= this.#make();
    const { running } = this.#player;
    this.#blocked = !running;
    if (running) return;
    await this.#player.resume();
    this.#blocked = !this.#player.running;
  }

  #quiet(): void {
    if (this.#repeating) clearInterval(this.#repeating);
    this.#repeating = null;
  }

  #stored(): boolean {
    try {
      return this.#storage.getItem(storageKey) === 'on';
    } catch {
      // Storage is blocked: it is switched on each time.
      return false;
    }
  }
  #store(on: boolean): void {
    try {
      this.#storage.setItem(storageKey, on ? 'on' : 'off');
    } catch {
      // As above.
    }
  }
}

/** The browser's own tones. */
export function webAudioPlayer(): TonePlayer {
  const context = new AudioContext();
  return {
    get running() {
      return context.state === 'running';
    },
    resume: async () => {
      // Without a press the promise stays open until there is one.
      const patience = new Promise((resolve) => setTimeout(resolve, 300));
      await Promise.race([context.resume(), patience]);
    },
    play: (tones) => {
      const begin = context.currentTime + 0.02;
      for (const tone of tones) {
        const oscillator = context.createOscillator();
        const gain = context.createGain();
        oscillator.type = 'triangle';
        oscillator.frequency.value = tone.hz;
        // Soft edges: a tone that is cut off clicks.
        gain.gain.setValueAtTime(0, begin + tone.at);
        gain.gain.linearRampToValueAtTime(0.5, begin + tone.at + 0.02);
        gain.gain.setValueAtTime(0.5, begin + tone.at + tone.for - 0.05);
        gain.gain.linearRampToValueAtTime(0, begin + tone.at + tone.for);
        oscillator.connect(gain).connect(context.destination);
        oscillator.start(begin + tone.at);
        oscillator.stop(begin + tone.at + tone.for);
      }
    },
    close: () => void context.close(),
  };
}
