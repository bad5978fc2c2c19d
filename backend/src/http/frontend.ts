import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../problem.ts';

interface StaticFile {
  /** Encodings that lie beside the file, best first. */
  readonly encodings: readonly { readonly name: 'br' | 'gzip'; readonly ending: string }[];
}

/** The built interface, as it lay on disk at start. */
export interface Frontend {
  readonly folder: string;
  /** By URL path, e.g. `/_app/immutable/entry/start.js`. */
  readonly files: ReadonlyMap<string, StaticFile>;
  /** null: it has not been built. */
  readonly indexHtml: string | null;
}

/** Looks at the folder of the built interface once: only what is found is ever served. A missing folder is an empty one. */
export async function readFrontend(folder: string): Promise<Frontend> {
  if (!existsSync(join(folder, 'index.html'))) return { folder, files: new Map(), indexHtml: null };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = new Set(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')}`),
  );
  const files = new Map<string, StaticFile>();
  for (const path of paths) {
    const compressed = /\.(br|gz)$/.test(path) && paths.has(path.replace(/\.(br|gz)$/, ''));
    if (compressed) continue;
    files.set(path, {
      encodings: [
        ...(paths.has(`${path}.br`) ? [{ name: 'br', ending: '.br' } as const] : []),
        ...(paths.has(`${path}.gz`) ? [{ name: 'gzip', ending: '.gz' } as const] : []),
      ],
    });
  }
  return {
    folder,
    files,
    indexHtml: await readFile(join(folder, 'index.html'), 'utf8'),
  };
}

/** Serves the interface; every other address of a page is index.html, which finds out by itself what to show. */
export function serveFrontend(frontend: Frontend): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const path = request.path === '/' ? '/index.html' : decoded(request.path);
    const file = path === undefined ? undefined : frontend.files.get(path);
    if (path !== undefined && file !== undefined) {
      send(response, frontend, path, bestEncoding(request, file), next);
    } else if (frontend.indexHtml === null) {
      response
        .status(503)
        .type('text/plain')
        .send('The interface has not been built yet: npm run build -w frontend\n');
    } else if (path === undefined || /^\/(_app|socket\.io)\//.test(path) || /\.[a-z0-9]{1,8}$/i.test(path)) {
      // A missing file must not come back as a page: old tabs ask for scripts of the version before.
      next(new AppError('not-found', 'There is no such file.'));
    } else {
      const index = frontend.files.get('/index.html');
      send(response, frontend, '/index.html', index && bestEncoding(request, index), next);
    }
  };
}

/** The one that the client likes best; of those that it likes as well, ours first: browsers name gzip before br. */
function bestEncoding(request: Request, file: StaticFile): StaticFile['encodings'][number] | undefined {
  const accepted = file.encodings.filter(({ name }) => request.acceptsEncodings(name) === name);
  const quality = (name: string) =>
    Number(new RegExp(`\\b${name}\\s*;\\s*q=([\\d.]+)`).exec(request.get('Accept-Encoding') ?? '')?.[1] ?? 1);
  return accepted.sort((a, b) => quality(b.name) - quality(a.name))[0];
}

function send(
  response: Response,
  frontend: Frontend,
  path: string,
  encoding: StaticFile['encodings'][number] | undefined,
  next: (error?: unknown) => void,
): void {
  response.vary('Accept-Encoding');
  response.type(path.slice(path.lastIndexOf('.')));
  if (encoding !== undefined) response.set('Content-Encoding', encoding.name);
  // Names under immutable/ contain a hash of their content.
  const cache = path.startsWith('/_app/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  response.set('Cache-Control', cache);
  response.sendFile(
    `${path.slice(1)}${encoding?.ending ?? ''}`,
    { root: frontend.folder, cacheControl: false, dotfiles: 'allow' },
    (error) => {
      if (error === undefined || response.headersSent) return;
      response.removeHeader('Content-Encoding');
      next(error);
    },
  );
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not valid percent-encoding: there is no such file.
    return undefined;
  }
}
