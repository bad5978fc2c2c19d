import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FileError, parseYaml } from './index.ts';

const Schema = z.strictObject({
  devices: z.array(z.strictObject({ name: z.string(), position: z.number() })),
});

function problemsOf(text: string): unknown {
  try {
    parseYaml('room.yaml', text, Schema);
    return 'no problem';
  } catch (error) {
    return error instanceof FileError ? error.message : error;
  }
}

describe('parseYaml', () => {
  it('gives what the schema says', () => {
    expect(parseYaml('room.yaml', 'devices:\n  - {name: core-1, position: 38}\n', Schema)).toEqual({
      devices: [{ name: 'core-1', position: 38 }],
    });
  });

  it('names file, line and key of a wrong value', () => {
    expect(problemsOf('devices:\n  - name: core-1\n    position: top\n')).toMatch(
      /^room\.yaml:3: devices\.0\.position: /,
    );
  });

  it('names the nearest line for what is missing', () => {
    expect(problemsOf('devices:\n  - name: core-1\n')).toMatch(/^room\.yaml:2: devices\.0\.position: /);
  });

  it('refuses unknown and duplicate keys', () => {
    expect(problemsOf('devices: []\ncolour: red\n')).toMatch(/unknown key "colour"/);
    expect(problemsOf('devices: []\ndevices: []\n')).toMatch(/^room\.yaml:2: .*unique/i);
  });

  it('refuses aliases that stand for nothing, for themselves, or for too much', () => {
    const names = [...'abcdefgh'];
    const bomb = names.map((name, at) => {
      const before = names[at - 1];
      return `${name}: &${name} [${before === undefined ? 'x' : Array(10).fill(`*${before}`).join(', ')}]`;
    });
    for (const text of [bomb.join('\n'), 'devices: *nobody'])
      expect(problemsOf(text)).toMatch(/^room\.yaml:\d+: .*alias/i);
    expect(problemsOf('devices: &all [*all]')).toMatch(/^room\.yaml:1: /);
  });

  it('takes no key for a prototype', () => {
    expect(problemsOf('devices: []\n__proto__: { name: x }\n')).not.toBe('no problem');
    expect(Reflect.get({}, 'name')).toBeUndefined();
  });

  it('refuses text that is not YAML', () => {
    expect(problemsOf('devices: [')).toMatch(/^room\.yaml:1: /);
  });
});
