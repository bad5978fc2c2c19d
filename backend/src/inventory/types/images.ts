import type { DeviceTypeFile } from '@rackhaus/config/device-types';
import type { ArchiveFile } from './archive.ts';

export const imageSides = ['front', 'rear'] as const;
export type ImageSide = (typeof imageSides)[number];
export interface FaceImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
}
export type FaceImages = Readonly<Partial<Record<ImageSide, FaceImage>>>;

/**
 * Pictures by the slug of the type: the library has `elevation-images/<maker>/<slug>.front.png`, and so may stand beside
 * the file. What is not the picture that its name says is left out.
 */
export class ImagesBySlug {
  readonly #images = new Map<string, Partial<Record<ImageSide, FaceImage>>>();

  constructor(files: readonly ArchiveFile[]) {
    for (const { path, bytes } of files) {
      const match = /([^/\\]+)\.(front|rear)\.(?:png|jpe?g|webp)$/i.exec(path);
      const mediaType = mediaTypeOf(bytes);
      if (match === null || mediaType === null) continue;
      const slug = (match[1] ?? '').toLowerCase();
      const side = match[2]?.toLowerCase() === 'rear' ? 'rear' : 'front';
      this.#images.set(slug, { ...this.#images.get(slug), [side]: { bytes, mediaType } });
    }
  }

  of(type: DeviceTypeFile): FaceImages {
    return this.#images.get(type.slug) ?? {};
  }

  /** How many pictures belong to none of these types. */
  unused(slugs: ReadonlySet<string>): number {
    let count = 0;
    for (const [slug, images] of this.#images) if (!slugs.has(slug)) count += Object.keys(images).length;
    return count;
  }
}

/** By its first bytes: a name can say anything. */
export function mediaTypeOf(bytes: Uint8Array): FaceImage['mediaType'] | null {
  const starts = (at: number, ...expected: number[]) =>
    expected.every((byte, index) => bytes[at + index] === byte);
  if (starts(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (starts(0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50)) return 'image/webp';
  return null;
}
