import { randomBytes } from 'node:crypto';
import type { TypeUpload, TypeUploadReply } from '@rackhaus/config/contract';
import { DeviceTypeFile, type DeviceTypeFile as Type } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import type { Cause, Changes } from '../../history/changes.ts';
import type { Row } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { readArchive } from './archive.ts';
import { type Candidate, compareTypes } from './compare.ts';
import { type FaceImages, type ImageSide, ImagesBySlug, imageSides } from './images.ts';
import { type ReadType, readTypeFiles } from './read-files.ts';

/** Keeps a file once by its content, within a change. @returns the id of its document */
export type KeepDocument = (
  change: Change,
  file: { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string },
) => Promise<number>;

interface Kept {
  readonly read: readonly ReadType[];
  readonly images: (type: Type) => FaceImages;
  readonly until: number;
}

/** Uploads that wait for their decision. Beyond the limits, the oldest is forgotten: it can be sent again. */
const mostWaiting = 5;
const waitsMs = 3_600_000;

/** Types on their way in: read and compared first, then written as one change. */
export class TypeUploads {
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #keepDocument: KeepDocument | null;
  readonly #now: () => number;
  readonly #waiting = new Map<string, Kept>();

  /** @param keepDocument null: pictures are passed over */
  constructor(options: {
    db: Database;
    changes: Changes;
    keepDocument: KeepDocument | null;
    now: () => number;
  }) {
    this.#db = options.db;
    this.#changes = options.changes;
    this.#keepDocument = options.keepDocument;
    this.#now = options.now;
  }

  /** Reads a zip archive of type files. @throws AppError invalid, too-large */
  async open(archive: Uint8Array): Promise<TypeUpload> {
    const { typeFiles, images, tooLarge, passedOver } = await readArchive(archive);
    const { types, broken, brokenFiles } = await readTypeFiles(typeFiles);
    const bySlug = new ImagesBySlug(this.#keepDocument === null ? [] : images);
    const slugs = new Set(types.map(({ type }) => type.slug));
    const upload = await this.offer(types, (type) => bySlug.of(type));
    const taken = types.reduce((sum, { type }) => sum + Object.keys(bySlug.of(type)).length, 0);
    return {
      ...upload,
      broken: [
        ...tooLarge.map((file) => ({ file, line: null, key: '', message: 'is larger than 1 MB' })),
        ...broken,
      ],
      brokenFiles: brokenFiles + tooLarge.length,
      passedOver: passedOver + (slugs.size === 0 ? images.length : images.length - taken),
    };
  }

  /** Compares types with what is there, and keeps them until somebody decides. */
  async offer(read: readonly ReadType[], images: Kept['images'] = () => ({})): Promise<TypeUpload> {
    const candidates = await compareTypes(this.#db, read, images);
    this.#forgetOld();
    const token = randomBytes(16).toString('base64url');
    this.#waiting.set(token, { read, images, until: this.#now() + waitsMs });
    return {
      token,
      types: candidates.map(({ preview }) => preview),
      broken: [],
      brokenFiles: 0,
      passedOver: 0,
    };
  }

  /**
   * Writes the chosen types as one change; what has become the same meanwhile is left alone.
   * @throws AppError not-found (an upload is kept for an hour), conflict (a cable is in the way; names it)
   */
  async apply(token: string, slugs: readonly string[], cause: Cause): Promise<TypeUploadReply> {
    const kept = this.#waiting.get(token);
    if (kept === undefined || kept.until < this.#now())
      throw new AppError('not-found', 'This upload is no longer kept. Send the files again.', undefined, {
        reason: 'upload-gone',
      });
    const chosen = new Set(slugs);
    const read = kept.read.filter(({ type }) => chosen.has(type.slug));
    const { changeId, result } = await this.#changes.run(cause, (change) =>
      this.#write(change, read, kept.images),
    );
    this.#waiting.delete(token);
    return { changeId, ...result };
  }

  async #write(
    change: Change,
    read: readonly ReadType[],
    images: Kept['images'],
  ): Promise<{ created: number; changed: number }> {
    // What is there may have changed since the preview.
    const candidates = await compareTypes(change.tx, read, images);
    refusePlugged(candidates);
    const fresh = candidates.filter(({ preview }) => preview.id === null);
    const rows: Row[] = [];
    for (const { type, images } of fresh)
      rows.push({
        definition: JSON.stringify(type),
        notes: null,
        ...(await this.#imageColumns(change, images)),
      });
    await change.insert('device-type', rows);
    let changed = 0;
    for (const { type, images, preview } of candidates) {
      if (preview.id === null) continue;
      const columns = await this.#imageColumns(change, images);
      const { version } = await change.get('device-type', preview.id);
      await change.update('device-type', preview.id, {
        ...(preview.state === 'changed' ? { definition: JSON.stringify(type) } : {}),
        ...columns,
      });
      if ((await change.get('device-type', preview.id)).version !== version) changed++;
    }
    return { created: fresh.length, changed };
  }

  async #imageColumns(change: Change, images: FaceImages): Promise<Row> {
    const columns: Record<`${ImageSide}_image_id`, number | undefined> = {
      front_image_id: undefined,
      rear_image_id: undefined,
    };
    for (const side of imageSides) {
      const image = images[side];
      if (image !== undefined && this.#keepDocument !== null)
        columns[`${side}_image_id`] = await this.#keepDocument(change, image);
    }
    const given = Object.entries(columns).filter(
      (entry): entry is [string, number] => entry[1] !== undefined,
    );
    return Object.fromEntries(given);
  }

  #forgetOld(): void {
    for (const [token, { until }] of this.#waiting) if (until < this.#now()) this.#waiting.delete(token);
    for (const token of this.#waiting.keys())
      if (this.#waiting.size >= mostWaiting) this.#waiting.delete(token);
  }
}

function refusePlugged(candidates: readonly Candidate[]): void {
  const blocked = candidates.flatMap(({ preview }) => preview.plugged);
  if (blocked.length === 0) return;
  const named = blocked.map(
    ({ device, port, cable }) => `${device.name}:${port}${cable === null ? '' : ` (cable ${cable})`}`,
  );
  throw new AppError(
    'conflict',
    `Cables are plugged into ports that the changed types no longer have: ${named.join(', ')}.`,
    undefined,
    {
      reason: 'loses-cables',
      blocking: blocked.map(({ device, port }) => ({
        kind: 'device',
        id: device.id,
        name: `${device.name}:${port}`,
      })),
    },
  );
}

/** The types that come with Rackhaus, as if they had been read from files. */
export function shippedTypes(types: ReadonlyMap<string, Type>): ReadType[] {
  return [...types].map(([slug, type]) => ({ file: `${slug}.yaml`, type: DeviceTypeFile.parse(type) }));
}
