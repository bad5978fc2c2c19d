import { mkdirSync } from 'node:fs';
import { startBrowser } from '../harness/browser.ts';
import { startDemo } from '../harness/demo.ts';
import { signedInPage } from '../harness/page.ts';
import { freePort } from '../harness/process.ts';
import { alertingPictures } from './alerting.ts';
import { cablingPictures } from './cabling.ts';
import { firstSteps } from './first-steps.ts';
import { inventoryPictures } from './inventory.ts';
import { livePictures } from './live.ts';
import { folder, Pictures } from './pictures.ts';

// `npm run pictures`: takes the manual's pictures anew, from the demo, as a person would see it.
async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser();
  try {
    await firstSteps(browser);
    // Messages lead to what they tell of only where it is known how people get here.
    const port = String(await freePort());
    const demo = await startDemo({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` });
    try {
      const pictures = new Pictures(await signedInPage(browser, demo), demo.url);
      await pictures.calm();
      await inventoryPictures(pictures, demo);
      await cablingPictures(pictures, demo);
      await livePictures(pictures);
      await alertingPictures(pictures, demo);
    } finally {
      await demo.stop();
    }
  } finally {
    await browser.close();
  }
}

await main();
