import { crc32, deflateRawSync } from 'node:zlib';

/** A file as it is put into an archive, and what the archive says of it where that is something else. */
export interface Planted {
  readonly name: string;
  readonly content: Uint8Array;
  readonly claimedSize?: number;
}

/** A zip archive of files under any names, with directories that may lie. For tests. */
export function plantedZip(files: readonly Planted[]): Uint8Array<ArrayBuffer> {
  return archiveOf(files.map((file) => ({ ...file, ownBytes: true })));
}

/** An archive in which very many files are the same bytes. For tests. */
export function overlappingZip(names: readonly string[], content: Uint8Array): Uint8Array<ArrayBuffer> {
  return archiveOf(names.map((name, index) => ({ name, content, ownBytes: index === 0 })));
}

function archiveOf(files: readonly (Planted & { ownBytes: boolean })[]): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  let headerAt = 0;
  let packed = Buffer.alloc(0);
  for (const { name, content, claimedSize, ownBytes } of files) {
    const nameBytes = Buffer.from(name);
    if (ownBytes) packed = deflateRawSync(content, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize ?? content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    if (ownBytes) {
      headerAt = at;
      const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, packed]);
      parts.push(local);
      at += local.length;
    }
    const end = Buffer.alloc(14);
    end.writeUInt32LE(headerAt, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, end, nameBytes]));
  }
  const entries = Buffer.concat(directory);
  const last = Buffer.alloc(22);
  last.write('PK\x05\x06', 'latin1');
  last.writeUInt16LE(files.length, 8);
  last.writeUInt16LE(files.length, 10);
  last.writeUInt32LE(entries.length, 12);
  last.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, entries, last]));
}
