import { randomBytes } from 'node:crypto';
import type { ImportJobList, ImportOptions } from '@rackhaus/config/contract';
import { type DeviceTypeFile, loadDeviceTypes } from '@rackhaus/config/device-types';
import type { SecretBox } from '../../access/secret-box.ts';
import type { Database } from '../../database/tables.ts';
import type { Cause, Changes } from '../../history/changes.ts';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import { AppError } from '../../problem.ts';
import { TableError } from '../import-table/cells.ts';
import { unzip } from '../import-table/unzip.ts';
import { NetboxClient } from '../netbox/client.ts';
import { NetboxSource } from '../netbox/source.ts';
import { Job } from './job.ts';
import type { ImportSource } from './source.ts';
import { TableSource } from './table-source.ts';
import { YamlSource } from './yaml-source.ts';

/** Beyond this many, the oldest that is not being written is forgotten: its file can be sent again. */
const mostJobs = 8;
const keptMs = 24 * 3_600_000;

/** The imports under way, in memory. A file never touches the inventory before somebody says so. */
export class ImportJobs {
  readonly #outside: Pick<Outgoing, 'fetch' | 'check'>;
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #secretBox: SecretBox;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #jobs = new Map<string, Job>();
  #library: Promise<ReadonlyMap<string, DeviceTypeFile>> | null = null;

  constructor(options: {
    outside: Pick<Outgoing, 'fetch' | 'check'>;
    db: Database;
    changes: Changes;
    secretBox: SecretBox;
    now: () => number;
    onError: (error: unknown) => void;
  }) {
    this.#outside = options.outside;
    this.#db = options.db;
    this.#changes = options.changes;
    this.#secretBox = options.secretBox;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  /** Begins with a file; what it is is told by its content and name. */
  async begin(options: {
    fileName: string;
    bytes: Uint8Array<ArrayBuffer>;
    cause: Cause;
    language: 'de' | 'en';
  }): Promise<Job> {
    const { fileName, bytes, language } = options;
    const cause: Cause = { ...options.cause, source: 'import', reason: fileName };
    const library = await this.#types();
    const parts = { db: this.#db, fileName, bytes, library };
    const source: ImportSource = isYaml(fileName, bytes)
      ? new YamlSource({ ...parts, changes: this.#changes, secretBox: this.#secretBox, cause })
      : new TableSource({ ...parts, defaults: await this.#defaults(language) });
    return this.#start({ fileName, size: bytes.length, cause, source });
  }

  async #start(options: {
    fileName: string;
    size: number;
    cause: Cause;
    source: ImportSource;
  }): Promise<Job> {
    const job = new Job({
      id: randomBytes(18).toString('base64url'),
      ...options,
      startedAt: this.#now(),
      changes: this.#changes,
      onError: this.#onError,
    });
    await this.#makeRoom();
    this.#jobs.set(job.id, job);
    job.read();
    return job;
  }

  /**
   * Begins with a NetBox, which is fetched over its REST API.
   * @param token is kept for as long as the import is, and told nobody
   * @throws AppError invalid for what is no address, or one that this server may not connect to
   */
  async beginNetbox(options: { url: string; token: string; cause: Cause }): Promise<Job> {
    const cause: Cause = { ...options.cause, source: 'import', reason: `NetBox ${options.url}` };
    const client = netboxClient({ ...options, outside: this.#outside });
    await this.#outside.check(options.url);
    const source = new NetboxSource({
      db: this.#db,
      changes: this.#changes,
      cause,
      client,
    });
    return this.#start({ fileName: options.url, size: 0, cause, source });
  }

  /** Adds a file to an import of YAML files. @throws AppError not-found, invalid */
  add(job: Job, fileName: string, bytes: Uint8Array): void {
    if (!(job.source instanceof YamlSource))
      throw new AppError('invalid', 'Only YAML files can be brought in several at once.');
    job.source.add(fileName, bytes);
    job.read();
  }

  /** @throws AppError not-found, also for the import of somebody else */
  own(id: string, userId: number | null): Job {
    const job = this.any(id);
    if (job.userId !== userId) throw gone();
    return job;
  }

  /** By the id alone, which only who began it has been told. @throws AppError not-found */
  any(id: string): Job {
    const job = this.#jobs.get(id);
    if (job === undefined) throw gone();
    return job;
  }

  list(userId: number | null): ImportJobList {
    const own = [...this.#jobs.values()].filter((job) => job.userId === userId);
    return {
      jobs: own.reverse().map((job) => {
        const { table: _, preview: __, ...rest } = job.describe();
        return rest;
      }),
    };
  }

  /** Stops it and forgets it; one that is being written is stopped and can be begun again. */
  async stop(job: Job): Promise<void> {
    const wasApplying = job.isApplying;
    await job.stop();
    if (!wasApplying) this.#jobs.delete(job.id);
  }

  /** Ends all work. */
  async close(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.stop()));
    this.#jobs.clear();
  }

  async #makeRoom(): Promise<void> {
    const old = [...this.#jobs.values()].filter((job) => !job.isApplying);
    for (const job of old) {
      const isOld = this.#now() - job.describe().startedAt > keptMs;
      if (!isOld && this.#jobs.size < mostJobs) continue;
      await job.stop();
      this.#jobs.delete(job.id);
    }
  }

  #types(): Promise<ReadonlyMap<string, DeviceTypeFile>> {
    this.#library ??= loadDeviceTypes();
    return this.#library;
  }

  /** Where places that a list does not name would be made. */
  async #defaults(language: 'de' | 'en'): Promise<ImportOptions> {
    const sites = await this.#db.selectFrom('sites').select('name').orderBy('rank').limit(2).execute();
    const town = language === 'de' ? 'Rathaus' : 'Town hall';
    const site = sites[0]?.name ?? town;
    return {
      notation: language,
      site,
      building: site,
      floor: language === 'de' ? 'Erdgeschoss' : 'Ground floor',
      room: '',
      heightU: 42,
      fromTop: false,
      monitor: false,
    };
  }
}

function netboxClient(options: {
  url: string;
  token: string;
  outside: Pick<Outgoing, 'fetch'>;
}): NetboxClient {
  try {
    return new NetboxClient(options);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    throw new AppError('invalid', error.message, [{ path: 'url', message: error.message }], {
      reason: error.reason,
    });
  }
}

function gone(): AppError {
  return new AppError(
    'not-found',
    'This import is not there any more: it was finished, stopped, or the server has been started again.',
    undefined,
    { reason: 'gone' },
  );
}

function isYaml(fileName: string, bytes: Uint8Array): boolean {
  if (/\.ya?ml$/i.test(fileName)) return true;
  if (!/\.zip$/i.test(fileName) || bytes[0] !== 0x50) return false;
  // A workbook is an archive too, whatever it is called.
  let isWorkbook = false;
  unzip(bytes, { totalBytes: 0, files: 0 }, (name) => {
    isWorkbook ||= name === '[Content_Types].xml' || name === 'mimetype';
    return false;
  });
  return !isWorkbook;
}
