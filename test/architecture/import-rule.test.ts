import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Which workspaces each may import; `config` imports nothing else, and the frontend takes only the contract. */
const mayImport: Readonly<Record<string, readonly RegExp[]>> = {
  config: [],
  agents: [/^@rackhaus\/config\//],
  backend: [/^@rackhaus\/config\//],
  frontend: [/^@rackhaus\/config\/contract$/],
  test: [/^@rackhaus\/config\//, /^@rackhaus\/(agents|backend)(\/[a-z-]+)?$/],
};

/** Each outside library that speaks to the outside has one importer, and its types stop there. */
const oneImporter = [
  'net-snmp',
  'ping',
  'influx',
  'socket.io',
  'chart.js',
  'kysely/helpers',
  'openid-client',
  'ldapts',
  '@simplewebauthn/server',
  '@simplewebauthn/browser',
  'otpauth',
  'selfsigned',
];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name) && !/\.d\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/node_modules|\/build\/|\.svelte-kit|\/paraglide\/|\/output\//.test(file));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map((match) => match[1] ?? '');
}

describe('the import rule', () => {
  for (const [workspace, allowed] of Object.entries(mayImport)) {
    it(`${workspace} imports only what it may`, () => {
      const wrong = sources(workspace).flatMap((file) =>
        importsOf(file)
          .filter((name) => {
            if (name.startsWith('.'))
              return relative(join(root, workspace), resolve(dirname(file), name)).startsWith('..');
            return name.startsWith('@rackhaus/') && !allowed.some((pattern) => pattern.test(name));
          })
          .map((name) => `${relative(root, file)} imports ${name}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  for (const library of oneImporter) {
    it(`${library} has one importer at most`, () => {
      const importers = ['config', 'agents', 'backend', 'frontend']
        .flatMap(sources)
        .filter((file) => !file.endsWith('.test.ts') && importsOf(file).includes(library))
        .map((file) => relative(root, file));
      expect(importers.length, importers.join(', ')).toBeLessThanOrEqual(1);
    });
  }
});

describe('the style', () => {
  const files = () => ['config', 'agents', 'backend', 'frontend', 'test', 'scripts'].flatMap(sources);

  it('names no vendor in the polling agent: vendors are profiles', () => {
    const vendors =
      /\b(aruba|procurve|cisco|juniper|mikrotik|fortinet|fortigate|eaton|socomec|raritan|akcp|poseidon|gude|synology|qnap|lancom|zyxel)\b/i;
    const wrong = sources('agents/src')
      .filter((file) => !file.endsWith('.test.ts'))
      .filter((file) => vendors.test(readFileSync(file, 'utf8')))
      .map((file) => relative(root, file));
    expect(wrong).toEqual([]);
  });

  it('has no `any` and no svelte/store', () => {
    const wrong = files().filter(
      (file) =>
        importsOf(file).includes('svelte/store') ||
        /(:|<|as)\s*any\b(?!\s*(of|more|one|thing|time|way|body|where)\b)[;,)>\]\s=]/.test(
          stripComments(readFileSync(file, 'utf8')),
        ),
    );
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });

  it('does not read the clock in what decides purely', () => {
    const pure = [
      'backend/src/monitoring/health.ts',
      'backend/src/cabling/trace.ts',
      'backend/src/cabling/follow.ts',
      'backend/src/cabling/layers.ts',
      'backend/src/cabling/planned.ts',
      'backend/src/cabling/graph/impact.ts',
      'backend/src/cabling/graph/dominators.ts',
      'agents/src/poll/counters.ts',
    ];
    for (const file of pure)
      expect(stripComments(readFileSync(join(root, file), 'utf8')), file).not.toMatch(
        /Date\.now|performance\.now|Math\.random/,
      );
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
