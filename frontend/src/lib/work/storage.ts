import type { z } from 'zod';
import { type Kept, openBrowserDb, type Photos } from './browser-db.ts';
import { MemoryStore } from './store.ts';
import type { Storage } from './work.svelte.ts';

/** Where the work lies: in the browser's database, or in memory where the browser allows none; the screen says so then. */
export async function openStorage(): Promise<Storage> {
  try {
    const db = await openBrowserDb();
    // Asks not to be cleared when the phone runs out of room. Whether it is granted changes nothing here.
    if (navigator.storage?.persist !== undefined) void navigator.storage.persist().catch(() => false);
    return { queue: db, kept: db.kept, photos: db.photos, lasting: true };
  } catch (error) {
    console.warn('The browser keeps nothing', error);
    return { queue: new MemoryStore(), kept: memoryKept(), photos: memoryPhotos(), lasting: false };
  }
}

function memoryKept(): Kept {
  const values = new Map<string, unknown>();
  return {
    get: async <S extends z.ZodType>(key: string, shape: S) => {
      const parsed = shape.safeParse(values.get(key));
      return parsed.success ? parsed.data : null;
    },
    put: async (key, value) => {
      values.set(key, value);
    },
    forget: async (prefix) => {
      for (const key of [...values.keys()]) if (key.startsWith(prefix)) values.delete(key);
    },
  };
}

function memoryPhotos(): Photos {
  const photos = new Map<string, Blob>();
  return {
    put: async (key, photo) => {
      photos.set(key, photo);
    },
    get: async (key) => {
      const photo = photos.get(key);
      return photo === undefined ? null : new File([photo], `${key}.jpg`, { type: photo.type });
    },
    forget: async (keys) => {
      for (const key of keys) photos.delete(key);
    },
  };
}
