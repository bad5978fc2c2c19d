/** Ids, names and codes that the server has shown, by the name under which others ask for them: `deviceId`, `name`, `token`. */
export class Known {
  readonly #values = new Map<string, (string | number)[]>();
  readonly #most = 400;

  /** Remembers what is in a reply; `of` names what an `id` at its top is of, e.g. `device`. */
  learn(reply: unknown, of: string): void {
    let left = 400;
    const look = (value: unknown, key: string, owner: string): void => {
      if (left-- < 0) return;
      if (Array.isArray(value)) {
        for (const each of value) look(each, key, owner);
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, inner] of Object.entries(value)) look(inner, name, key === '' ? of : singular(key));
      } else if (typeof value === 'number' || (typeof value === 'string' && value.length < 200)) {
        this.#add(key === 'id' ? `${owner}Id` : singular(key), value);
      }
    };
    look(reply, '', of);
  }

  #add(name: string, value: string | number): void {
    const values = this.#values.get(name) ?? [];
    if (values.includes(value)) return;
    values.push(value);
    if (values.length > this.#most) values.splice(this.#most / 2, 1);
    this.#values.set(name, values);
  }

  /** One that is known under the name, the same for the same number; undefined when there is none. */
  pick(name: string, number: number): string | number | undefined {
    for (const each of [name, singular(name), `${singular(name)}Id`]) {
      const values = this.#values.get(each);
      if (values !== undefined && values.length > 0) return values[number % values.length];
    }
    return undefined;
  }
}

/** `deviceIds` is asked for with a `deviceId`, `devices` are each a `device`. */
export function singular(word: string): string {
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(ss|us|is)$/.test(word)) return word;
  if (/(sh|ch|x)es$/.test(word)) return word.slice(0, -2);
  return word.replace(/s$/, '');
}

/** What the number in an address is of: `/api/devices/{id}/swap` has a `device`'s. */
export function ownerOf(path: string, parameter: string): string {
  const words = path.split('/');
  const index = words.indexOf(`{${parameter}}`);
  const before = words.slice(0, index === -1 ? undefined : index).filter((word) => !word.startsWith('{'));
  return singular((before.at(-1) ?? '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
}
