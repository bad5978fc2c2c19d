import type { Page, Response } from 'playwright-core';

export interface ScriptsLoaded {
  /** The scripts since the last time this was asked; to be asked before the page goes elsewhere. */
  take(): Promise<{
    /** What came over the wire, as it was encoded, without headers. */
    readonly bytes: number;
    /** All of them, decoded. */
    readonly text: string;
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
      for (const response of responses.splice(0)) {
        await response.finished();
        bytes += (await response.request().sizes()).responseBodySize;
        texts.push(await response.text());
      }
      return { bytes, text: texts.join('\n') };
    },
  };
}
