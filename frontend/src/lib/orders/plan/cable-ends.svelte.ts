import type { ApiProblem } from '../../api/api.ts';
import { type Resource, useResource } from '../../api/resource.svelte.ts';
import type { Records } from '../../records/api.ts';

/** An end of a cable as it is documented. */
export interface DocumentedEnd {
  readonly side: 'a' | 'b';
  readonly connector: number;
  readonly portId: number;
  readonly portSide: 'front' | 'rear';
  readonly name: string;
}

/** Where the ends of a chosen cable are. To be made while a component is being set up. */
export class CableEnds {
  #linkId = $state<number | null>(null);
  #ends: Resource<DocumentedEnd[] | null>;

  constructor(options: { records: Records; linkId: number | null }) {
    this.#linkId = options.linkId;
    this.#ends = useResource(async (signal) => {
      const linkId = this.#linkId;
      if (linkId === null) return null;
      const query = { filter: [`linkId:is:${linkId}`], size: 200 };
      const { records, names } = await options.records.list('link-end', query, signal);
      return records
        .map(({ side, connector, portId, portSide }) => {
          const name = names[`port/${portId}`] ?? String(portId);
          return { side, connector, portId, portSide, name };
        })
        .toSorted((a, b) => a.side.localeCompare(b.side) || a.connector - b.connector);
    });
  }

  get linkId(): number | null {
    return this.#linkId;
  }
  set linkId(id: number | null) {
    this.#linkId = id;
  }
  /** null while it is not known. */
  get list(): readonly DocumentedEnd[] | null {
    return this.#linkId === null ? null : this.#ends.data;
  }
  get problem(): ApiProblem | null {
    return this.#ends.problem;
  }
}
