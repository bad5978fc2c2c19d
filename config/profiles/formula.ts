/** A column's value: in the row that is looked at, or in the row of the same table with this index. */
type ValueOf = (name: string, index: string | null) => number | undefined;

/** Names a formula uses, and how to compute it; undefined as soon as one of its names is, or it divides by zero. */
export interface Formula {
  readonly names: readonly string[];
  evaluate(value: ValueOf): number | undefined;
}

/** dBm of no light at all, whose logarithm there is not. */
const dark = -60;

type Node = (value: ValueOf) => number | undefined;

/**
 * Reads arithmetic over column names: `(total - free) / total`. Numbers, names, + - * /, parentheses, log10(…) and dbm(…),
 * which turns milliwatts of light into dBm.
 * `used[7]` is the column in the row with this index.
 * @throws SyntaxError saying where.
 */
export function parseFormula(text: string): Formula {
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z][A-Za-z0-9]*(?:\[\d+(?:\.\d+)*\])?|[-+*/()]|\S/g) ?? [];
  const names = new Set<string>();
  let at = 0;

  const node = sum();
  if (at < tokens.length) throw new SyntaxError(`"${tokens[at]}" is not expected in "${text}"`);
  return { names: [...names], evaluate: node };

  function sum(): Node {
    let left = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = tokens[at++] === '+' ? 1 : -1;
      left = combine(left, product(), (a, b) => a + sign * b);
    }
    return left;
  }

  function product(): Node {
    let left = operand();
    while (tokens[at] === '*' || tokens[at] === '/') {
      left =
        tokens[at++] === '*'
          ? combine(left, operand(), (a, b) => a * b)
          : combine(left, operand(), (a, b) => (b === 0 ? undefined : a / b));
    }
    return left;
  }

  function operand(): Node {
    const token = tokens[at++];
    if (token === undefined) throw new SyntaxError(`"${text}" ends too early`);
    if (token === '(') {
      const inner = sum();
      if (tokens[at++] !== ')') throw new SyntaxError(`a closing parenthesis is missing in "${text}"`);
      return inner;
    }
    if (/^\d/.test(token)) {
      const number = Number(token);
      return () => number;
    }
    if (token === 'log10' && tokens[at] === '(') {
      const inner = operand();
      return (value) => {
        const number = inner(value);
        return number === undefined || number <= 0 ? undefined : Math.log10(number);
      };
    }
    if (token === 'dbm' && tokens[at] === '(') {
      const inner = operand();
      return (value) => {
        const milliwatts = inner(value);
        if (milliwatts === undefined || milliwatts < 0) return undefined;
        return Math.max(dark, 10 * Math.log10(milliwatts));
      };
    }
    if (/^[A-Za-z]/.test(token)) {
      const [name = '', index = null] = token.split(/[[\]]/);
      names.add(name);
      return (value) => value(name, index);
    }
    throw new SyntaxError(`"${token}" is not expected in "${text}"`);
  }
}

function combine(left: Node, right: Node, apply: (a: number, b: number) => number | undefined): Node {
  return (value) => {
    const a = left(value);
    const b = right(value);
    return a === undefined || b === undefined ? undefined : apply(a, b);
  };
}
