import { Problem } from '@rackhaus/config/contract';
import type { ZodType, z } from 'zod';
import { ApiProblem } from './api.ts';

/**
 * Sends a file and tells how much of it has gone (0..1): `fetch` cannot tell that.
 * @throws ApiProblem; what `signal` throws when it is aborted
 */
export function uploadWithProgress<S extends ZodType>(
  path: string,
  file: File,
  reply: S,
  options: { readonly onprogress: (part: number) => void; readonly signal: AbortSignal },
): Promise<z.output<S>> {
  const { onprogress, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener('abort', stop);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onprogress(event.loaded / event.total);
    };
    request.onabort = () => reject(signal.reason);
    request.onerror = () => reject(new ApiProblem('offline', 'no answer'));
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) {
        const good = reply.safeParse(body);
        if (good.success) resolve(good.data);
        else reject(new ApiProblem('unreadable', `${path}: ${good.error.issues[0]?.message}`));
        return;
      }
      const problem = Problem.safeParse(body);
      reject(
        problem.success
          ? new ApiProblem(
              problem.data.code,
              problem.data.message,
              problem.data.fields,
              detailsOf(problem.data),
            )
          : new ApiProblem(request.status >= 502 ? 'offline' : 'internal', `status ${request.status}`),
      );
    };
    request.onloadend = () => signal.removeEventListener('abort', stop);
    request.open('POST', path);
    request.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type);
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    if (signal.aborted) stop();
    else request.send(file);
  });
}

function detailsOf({ reason, blocking, current }: Problem) {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(blocking === undefined ? {} : { blocking }),
    ...(current === undefined ? {} : { current }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
