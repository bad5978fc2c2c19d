import { mkdirSync } from 'node:fs';
import { startBrowser } from '../harness/browser.ts';
import { startDemo } from '../harness/demo.ts';
import { signedInPage } from '../harness/page.ts';
import { freePort } from '../harness/process.ts';
import { accessPictures } from './access.ts';
import { accountPictures } from './account.ts';
import { alertingPictures } from './alerting.ts';
import { cablingPictures } from './cabling.ts';
import { changesPictures } from './changes.ts';
import { enginePictures } from './engine.ts';
import { firstSteps } from './first-steps.ts';
import { inventoryPictures } from './inventory.ts';
import { livePictures } from './live.ts';
import { folder, Pictures } from './pictures.ts';
import { recognitionPictures } from './recognition.ts';

const before = { 'first-steps': firstSteps, account: accountPictures } as const;
/** In this order: an agent that was silent is an incident, and accounts that were made stay. */
const ofDemo = {
  inventory: inventoryPictures,
  cabling: cablingPictures,
  live: livePictures,
  alerting: alertingPictures,
  engine: enginePictures,
  recognition: recognitionPictures,
  changes: changesPictures,
  access: accessPictures,
} as const;

// `npm run pictures`: takes the manual's pictures anew, all or some parts of them, from the demo, as a person would see it.
async function main(parts: readonly string[]): Promise<void> {
  const names = [...Object.keys(before), ...Object.keys(ofDemo)];
  const unknown = parts.find((part) => !names.includes(part));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}", only ${names.join(', ')}.`);
  const wanted = (name: string) => parts.length === 0 || parts.includes(name);
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser();
  try {
    for (const [name, take] of Object.entries(before)) if (wanted(name)) await take(browser);
    if (!Object.keys(ofDemo).some(wanted)) return;
    // Messages lead to what they tell of only where it is known how people get here.
    const port = String(await freePort());
    const demo = await startDemo({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` });
    try {
      const pictures = new Pictures(await signedInPage(browser, demo), demo.url);
      await pictures.calm();
      for (const [name, take] of Object.entries(ofDemo)) if (wanted(name)) await take(pictures, demo);
    } finally {
      await demo.stop();
    }
  } finally {
    await browser.close();
  }
}

await main(process.argv.slice(2));
