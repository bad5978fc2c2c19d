import type { Page, Response } from 'playwright-core';

export interface ScriptsLoaded {
  /** The scripts since the last time this was asked; to be asked before the page goes elsewhere. */
  take(): Promise<{
    /** What came over the wire, as it was encoded, without headers. */
    readonly bytes: number;
    /** All of them, decoded. */
    readonly text: string;
    /** What they were, one a line, the largest first: what to look at when they are too many. */
    readonly list: string;
  }>;
}

/** Notes every script that a page loads from now on, by what the browser itself says of its network. */
export function listenToScripts(page: Page): ScriptsLoaded {
  const responses: Response[] = [];
  page.on('response', (response) => {
    if (/javascript/.test(response.headers()['content-type'] ?? '')) responses.push(response);
  });
  return {
    take: async () => {
      let bytes = 0;
      const texts: string[] = [];
      const seen: { size: number; line: string }[] = [];
      for (const response of responses.splice(0)) {
        await response.finished();
        const size = (await response.request().sizes()).responseBodySize;
        const encoding = response.headers()['content-encoding'] ?? 'as it is';
        bytes += size;
        texts.push(await response.text());
        seen.push({ size, line: `${size} ${encoding} ${new URL(response.url()).pathname}` });
      }
      const list = seen
        .sort((a, b) => b.size - a.size)
        .map(({ line }) => line)
        .join('\n');
      return { bytes, text: texts.join('\n'), list };
    },
  };
}
