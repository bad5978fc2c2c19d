import { DocumentStore } from '../documents/store.ts';
import type { KeepDocument } from './uploads.ts';

/** Keeps pictures of types among the documents in a folder: each content once. */
export function keepInFolder(folder: string): KeepDocument {
  const store = new DocumentStore(folder);
  return async (change, { bytes, mediaType }) => {
    const hash = await store.keep(bytes);
    const known = await change.tx
      .selectFrom('documents')
      .select('id')
      .where('hash', '=', hash)
      .executeTakeFirst();
    if (known !== undefined) return known.id;
    const [id = 0] = await change.insert('document', [{ hash, media_type: mediaType, size: bytes.length }]);
    return id;
  };
}
