import type { Severity } from '@rackhaus/config/contract';
import type { CompiledRule } from './compile.ts';

interface Said {
  readonly rule: CompiledRule;
  readonly of: { readonly state: object };
}

/** One fault is said once: where something else is said of the same part that weighs as much, its own limits say nothing. */
export function saidOnce<T extends Said>(all: readonly T[]): readonly T[] {
  if (!all.some(isOwnLimit)) return all;
  const others = new Map<object, Severity>();
  for (const said of all) {
    if (isOwnLimit(said) || others.get(said.of.state) === 'critical') continue;
    others.set(said.of.state, said.rule.rule.severity);
  }
  return all.filter((said) => {
    const other = others.get(said.of.state);
    return !isOwnLimit(said) || (other !== 'critical' && other !== said.rule.rule.severity);
  });
}

function isOwnLimit({ rule }: Said): boolean {
  return 'beyond' in rule.rule.when;
}
