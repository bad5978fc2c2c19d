export interface TourRoom {
  readonly id: number;
  readonly name: string;
}

/** How long a room is shown, and how long somebody who touches the screen is left alone. */
const showMs = 30_000;
const leaveAloneMs = 60_000;

/** The room after (or before) the one shown; the first when none of them is. null where there are none. */
export function nextRoom(rooms: readonly TourRoom[], current: number | null, step: 1 | -1): TourRoom | null {
  const index = rooms.findIndex(({ id }) => id === current);
  if (index < 0) return rooms[0] ?? null;
  return rooms[(index + step + rooms.length) % rooms.length] ?? null;
}

/** Leads a kiosk screen through the rooms, or back to its one page when somebody has wandered off. */
export class Tour {
  #rooms: () => readonly TourRoom[];
  #current: () => number | null;
  #home: string;
  #isHome: () => boolean;
  #go: (path: string) => void;
  #now: () => number;
  #paused: boolean = $state(false);
  #nextAt = 0;
  #touchedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(options: {
    rooms: () => readonly TourRoom[];
    /** Id of the room that is shown. */
    current: () => number | null;
    /** The link's page; `/rooms` is the tour through all. */
    home: string;
    isHome: () => boolean;
    go: (path: string) => void;
    now: () => number;
    /** Begins paused: for people who asked for little motion. */
    paused: boolean;
  }) {
    this.#rooms = options.rooms;
    this.#current = options.current;
    this.#home = options.home;
    this.#isHome = options.isHome;
    this.#go = options.go;
    this.#now = options.now;
    this.#paused = options.paused;
  }

  /** True when the link shows all rooms in turn. */
  get moves(): boolean {
    return this.#home === '/rooms';
  }
  get paused(): boolean {
    return this.#paused;
  }

  start(): void {
    this.#nextAt = this.#now() + showMs;
    if (this.moves && this.#current() === null) this.step(1);
    this.#timer = setInterval(() => this.tick(), 1_000);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Somebody is using the screen. */
  touched(): void {
    this.#touchedAt = this.#now();
  }

  toggle(): void {
    this.#paused = !this.#paused;
    this.#nextAt = this.#now() + showMs;
  }

  step(by: 1 | -1): void {
    this.#nextAt = this.#now() + showMs;
    const room = nextRoom(this.#rooms(), this.#current(), by);
    if (room && room.id !== this.#current()) this.#go(`/rooms/${room.id}`);
  }

  /** Once a second: is it time to go on? */
  tick(): void {
    const now = this.#now();
    if (now - this.#touchedAt < leaveAloneMs) return;
    if (!this.moves) {
      if (!this.#isHome()) this.#go(this.#home);
      return;
    }
    // The rooms may only have become known now.
    if (this.#current() === null) this.step(1);
    else if (!this.#paused && now >= this.#nextAt) this.step(1);
  }
}
