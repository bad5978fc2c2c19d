import type { ImportRow, ImportTable, RecordKind } from '@rackhaus/config/contract';
import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import { InventoryFile, joinInventories } from '@rackhaus/config/inventory-file';
import { FileError, NamedLines, parseYaml } from '@rackhaus/config/yaml';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import type { Cause, Changes } from '../../history/changes.ts';
import { AppError } from '../../problem.ts';
import { bringIn, type ImportReport } from '../import/import.ts';
import { TableError } from '../import-table/cells.ts';
import { decodeText } from '../import-table/csv.ts';
import { unzip } from '../import-table/unzip.ts';
import { eventRow } from './event-row.ts';
import type { ImportSource, SourcePlan, Watch } from './source.ts';
import { revisionOf } from './table-source.ts';

interface YamlFile {
  readonly name: string;
  readonly text: string;
}

const limits = { totalBytes: 60_000_000, files: 1000 } as const;
const mostRows = 50_000;

/** Inventory files in YAML: one, several, or a zip archive of them. */
export class YamlSource implements ImportSource {
  readonly kind = 'yaml';
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #secretBox: SecretBox;
  readonly #library: ReadonlyMap<string, DeviceTypeFile>;
  readonly #cause: Cause;
  readonly #uploads: { readonly name: string; readonly bytes: Uint8Array }[] = [];
  #files: readonly YamlFile[] = [];
  #merged: InventoryFile | null = null;
  #broken: readonly ImportRow[] = [];
  #revision = -1;
  #ready = false;

  constructor(options: {
    db: Database;
    changes: Changes;
    secretBox: SecretBox;
    library: ReadonlyMap<string, DeviceTypeFile>;
    cause: Cause;
    fileName: string;
    bytes: Uint8Array;
  }) {
    this.#db = options.db;
    this.#changes = options.changes;
    this.#secretBox = options.secretBox;
    this.#library = options.library;
    this.#cause = options.cause;
    this.add(options.fileName, options.bytes);
  }

  /** Another file of the same inventory. It counts from the next reading on. */
  add(name: string, bytes: Uint8Array): void {
    this.#uploads.push({ name, bytes });
  }

  async read(): Promise<void> {
    const files = this.#uploads.flatMap(({ name, bytes }) => unpacked(name, bytes));
    if (files.length === 0) throw new TableError('no-yaml', 'There is no YAML file in this archive.');
    const parts: InventoryFile[] = [];
    const broken: ImportRow[] = [];
    for (const { name, text } of files.toSorted((a, b) => a.name.localeCompare(b.name))) {
      try {
        parts.push(parseYaml(name, text, InventoryFile));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        for (const { line, path, message } of error.problems)
          broken.push(problemRow({ file: name, line: line ?? null, path, given: '', message }));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#files = files;
    this.#broken = broken;
    this.#merged = joinInventories(parts);
  }

  table(): ImportTable | null {
    return null;
  }

  configure(): void {
    throw new AppError('invalid', 'A YAML file says itself what it means: there is nothing to decide.');
  }

  async plan({ signal }: Watch): Promise<SourcePlan> {
    this.#ready = false;
    if (this.#broken.length > 0) return { rows: this.#broken, also: [] };
    const file = this.#inventory();
    this.#revision = await revisionOf(this.#db);
    const { report, events } = await this.#changes.rehearse(this.#cause, async (change) => {
      const report = await bringIn(change, { secretBox: this.#secretBox, file, types: this.#library });
      return { report, events: [...change.events] };
    });
    signal.throwIfAborted();
    if (report.problems.length > 0) return { rows: this.#located(report), also: [] };
    this.#ready = true;
    const rows = events.flatMap((event) => eventRow(event)).slice(0, mostRows);
    return { rows: [...rows, ...(await this.#left(file))], also: [] };
  }

  /** Problems that the inventory has with a file name what they are about; people look for lines. */
  #located(report: Pick<ImportReport, 'problems'>): ImportRow[] {
    const lines = this.#files.map(({ name, text }) => ({ name, lines: new NamedLines(text) }));
    return report.problems.map(({ path, given, message }) => {
      const found = lines
        .map(({ name, lines }) => ({ name, line: lines.lineOf(path) }))
        .filter(({ line }) => line !== null)
        .sort((a, b) => (b.line ?? 0) - (a.line ?? 0))[0];
      return problemRow({ file: found?.name ?? null, line: found?.line ?? null, path, given, message });
    });
  }

  /** Devices in the rooms of the file that it does not name. */
  async #left(file: InventoryFile): Promise<ImportRow[]> {
    const named = new Set(file.devices.map(({ name }) => name));
    const rooms = new Set(file.devices.map(({ room }) => room));
    const devices = await this.#db
      .selectFrom('devices')
      .innerJoin('rooms', 'rooms.id', 'devices.room_id')
      .innerJoin('sites', 'sites.id', 'rooms.site_id')
      .select(['devices.id', 'devices.name', 'rooms.name as room', 'sites.name as site'])
      .execute();
    return devices
      .filter(({ name, site, room }) => !named.has(name) && rooms.has(`${site}/${room}`))
      .map(({ id, name }) => plainRow({ outcome: 'left', kind: 'device', id, name }));
  }

  async write(change: Change): Promise<void> {
    if (!this.#ready || (await revisionOf(change.tx)) !== this.#revision)
      throw new AppError(
        'conflict',
        'The inventory has been changed since the preview was made. Please look at it again.',
        undefined,
        { reason: 'outdated' },
      );
    const { problems } = await bringIn(change, {
      secretBox: this.#secretBox,
      file: this.#inventory(),
      types: this.#library,
    });
    if (problems.length > 0)
      throw new AppError('invalid', `${problems.length} problems.`, undefined, { reason: 'problems' });
  }

  #inventory(): InventoryFile {
    if (this.#merged === null) throw new Error('The file has not been read.');
    return this.#merged;
  }
}

function unpacked(name: string, bytes: Uint8Array): YamlFile[] {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return [{ name, text: decodeText(bytes) }];
  const files = unzip(bytes, limits, (path) => /\.ya?ml$/i.test(path) && !/(^|\/)(__MACOSX|\.)/.test(path));
  return [...files].map(([path, content]) => ({ name: path, text: decodeText(content) }));
}

function plainRow(row: Pick<ImportRow, 'outcome' | 'id' | 'name'> & { kind: RecordKind }): ImportRow {
  return { row: null, file: null, fields: [], problems: [], hints: [], ...row };
}

function problemRow(problem: {
  file: string | null;
  line: number | null;
  path: string;
  given: string;
  message: string;
}): ImportRow {
  const { file, line, path, given, message } = problem;
  return {
    ...plainRow({ outcome: 'problem', kind: 'device', id: null, name: path }),
    row: line,
    file,
    problems: [
      {
        column: null,
        heading: path === '' ? null : path,
        field: null,
        value: given,
        reason: 'yaml',
        params: {},
        message,
      },
    ],
  };
}
