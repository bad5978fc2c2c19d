import { closest } from './closest.ts';

/** One thing that is wrong in an inventory file. */
export interface ImportProblem {
  /** Where, by names: `devices.acc-ug-1.type`, `links.A:1 - acc-ug-1:1/1/1.from`. */
  readonly path: string;
  /** What stands there. */
  readonly given: string;
  /** What would be right. */
  readonly message: string;
}

/** Gathers problems, so that a file is told everything at once. */
export class Problems {
  readonly list: ImportProblem[] = [];

  add(path: string, given: string | number, message: string): void {
    this.list.push({ path, given: String(given), message });
  }

  /** Something that does not exist; names what it may have been meant to be. */
  unknown(path: string, value: string, what: string, names: Iterable<string>): void {
    const near = closest(value, names);
    this.add(path, value, `There is no ${what} "${value}".${near === null ? '' : ` Is "${near}" meant?`}`);
  }
}
