import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/**
 * Finds lines by paths of names, such as `devices.acc-ug-1.type`: at each step a key of a map, or that item of a list whose
 * name it is. What cannot be followed further is in the line of what was found last.
 */
export class NamedLines {
  readonly #lines = new LineCounter();
  readonly #root: unknown;

  constructor(text: string) {
    this.#root = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: false }).contents;
  }

  /** @returns null when nothing of the path is in this file */
  lineOf(path: string): number | null {
    let node = this.#root;
    let rest = path;
    let line: number | null = null;
    while (rest !== '') {
      const step = stepInto(node, rest);
      if (step === null) break;
      line = this.#line(step.at) ?? line;
      node = step.node;
      rest = rest.slice(step.length).replace(/^\./, '');
    }
    return line;
  }

  #line(node: Node | null): number | null {
    return node?.range ? this.#lines.linePos(node.range[0]).line : null;
  }
}

interface Step {
  readonly node: unknown;
  readonly at: Node | null;
  readonly length: number;
}

/** Names may have dots in them: the longest one that fits counts. */
function stepInto(node: unknown, rest: string): Step | null {
  const steps: Step[] = [];
  const add = (name: unknown, value: unknown, at: Node | null) => {
    const text = String(name);
    if (rest === text || rest.startsWith(`${text}.`)) steps.push({ node: value, at, length: text.length });
  };
  if (isMap(node)) for (const { key, value } of node.items) if (isScalar(key)) add(key.value, value, key);
  if (isSeq(node))
    for (const [index, item] of node.items.entries()) {
      if (!isMap(item)) continue;
      add(index, item, item);
      const name = item.get('name');
      if (name !== undefined) add(name, item, item);
      add(`${item.get('from')} - ${item.get('to')}`, item, item);
    }
  return steps.sort((a, b) => b.length - a.length)[0] ?? null;
}
