import { execFileSync } from 'node:child_process';

/** A network namespace of the test's own, with what is needed to run programs in it. Needs root. */
export interface Namespace {
  readonly name: string;
  /** Command words that run a program inside. */
  readonly prefix: readonly string[];
  ip(...args: string[]): void;
  remove(): void;
}

let counter = 0;

/** @throws when this machine does not let us make one (not root, no iproute2). */
export function createNamespace(purpose: string): Namespace {
  // Linux cuts interface names at 15 characters; names of namespaces only have to be unique on the machine.
  const name = `rh-${purpose}-${process.pid}-${counter++}`;
  execFileSync('ip', ['netns', 'add', name]);
  const ip = (...args: string[]) => {
    execFileSync('ip', ['-n', name, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  };
  ip('link', 'set', 'lo', 'up');
  return {
    name,
    prefix: ['ip', 'netns', 'exec', name],
    ip,
    remove: () => {
      execFileSync('ip', ['netns', 'del', name]);
    },
  };
}

/** Gives a namespace `count` Ethernet ports as veth pairs (both ends inside), all up: p1 … pN. */
export function addPorts(namespace: Namespace, count: number): void {
  for (let port = 1; port <= count; port += 2) {
    namespace.ip('link', 'add', `p${port}`, 'type', 'veth', 'peer', 'name', `p${port + 1}`);
    namespace.ip('link', 'set', `p${port}`, 'up');
    namespace.ip('link', 'set', `p${port + 1}`, 'up');
  }
}

/** Joins two namespaces by one cable: a veth pair with an end in each. */
export function joinByCable(a: Namespace, portA: string, b: Namespace, portB: string): void {
  a.ip('link', 'add', portA, 'type', 'veth', 'peer', 'name', portB, 'netns', b.name);
  a.ip('link', 'set', portA, 'up');
  b.ip('link', 'set', portB, 'up');
}

let cablesHere = 0;

/** Joins a namespace by one cable to where this test runs. Returns the address of the end inside. The cable goes with the namespace. */
export function joinToHere(namespace: Namespace, port: string): string {
  return cableToHere(namespace, port).there;
}

/** The same; `here` is the address at this end. */
export function cableToHere(
  namespace: Namespace,
  port: string,
): { readonly here: string; readonly there: string } {
  const end = `rh${process.pid}-${cablesHere}`;
  // RFC 2544, appendix C.2.2: 198.18.0.0/15 is for tests. A cable takes four addresses.
  const net = `198.18.${process.pid % 256}`;
  const first = 4 * cablesHere++;
  const [here, there] = [`${net}.${first + 1}`, `${net}.${first + 2}`];
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  ip('link', 'add', end, 'type', 'veth', 'peer', 'name', port, 'netns', namespace.name);
  ip('address', 'add', `${here}/30`, 'dev', end);
  ip('link', 'set', end, 'up');
  namespace.ip('address', 'add', `${there}/30`, 'dev', port);
  namespace.ip('link', 'set', port, 'up');
  return { here, there };
}
