import { inspect } from 'node:util';

/**
 * A value that must not be shown. It prints as "[secret]" wherever it is turned into text: string, JSON, console, log.
 * Only {@link reveal} gives it away, so every place that does can be found by that name.
 */
export class Secret {
  // A private field: invisible to inspection, spreading and structured clones.
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}
