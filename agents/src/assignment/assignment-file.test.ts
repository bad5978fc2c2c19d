import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assignment } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AssignmentFile } from './assignment-file.ts';

describe('AssignmentFile', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-assignment-'));
    file = join(folder, 'assignment.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const assignment: Assignment = { version: 'v1', agent: { id: 1, name: 'hall' }, devices: [] };

  it('gives back what was saved, for its owner only, and leaves nothing else behind', () => {
    const stored = new AssignmentFile(file);
    expect(stored.load()).toBeNull();
    stored.save(assignment);
    stored.save({ ...assignment, version: 'v2' });
    expect(stored.load()).toEqual({ ...assignment, version: 'v2' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['assignment.json']);
  });

  it('keeps its mode when a readable left-over is in the way', () => {
    writeFileSync(`${file}.new`, 'left over', { mode: 0o644 });
    new AssignmentFile(file).save(assignment);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'no json', '{}', '{"version":1}'])('refuses %j', (text) => {
    writeFileSync(file, text);
    expect(() => new AssignmentFile(file).load()).toThrow();
  });
});
