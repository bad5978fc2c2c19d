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
