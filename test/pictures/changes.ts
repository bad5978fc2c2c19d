import { DeviceSwitching } from '@rackhaus/config/contract';
import { until } from '../harness/process.ts';
import { around } from './around.ts';
import type { Pictures } from './pictures.ts';

/** What is changed at devices: what they say of it themselves, and outlets that are switched from here. */
export async function changesPictures(pictures: Pictures): Promise<void> {
  await configuration(pictures);
  await switching(pictures);
}

/** The demo's versions are made up; nobody answers there by SSH. */
async function configuration(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  await pictures.open(`/devices/${await pictures.record('device', 'name:is:core-1')}`);
  await pictures.button('Unterschied').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/\+\d+ −\d+/).waitFor();
  await dialog.getByRole('heading', { level: 2 }).click();
  await pictures.take('konfiguration-unterschied', await around(dialog));
  await page.keyboard.press('Escape');
}

/** Nothing is switched: what would go off is shown. The right is taken back. */
async function switching(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const pdu = await pictures.record('device', 'name:is:PDU 2B');
  const right = async (wanted: boolean) => {
    await pictures.open('/administration');
    await page.getByRole('main').getByRole('button', { name: 'admin' }).first().click();
    const box = page.getByLabel('Darf Steckdosen schalten');
    await box.click();
    await page
      .getByRole('dialog')
      .getByText(wanted ? /darf jetzt Steckdosen schalten/ : /darf keine Steckdosen mehr schalten/)
      .waitFor();
    await page.keyboard.press('Escape');
  };
  await right(true);
  await until('the PDU to be ready', async () => {
    const { obstacles } = await pictures.get(`/api/devices/${pdu}/switching`, DeviceSwitching);
    return obstacles.length === 0 ? true : undefined;
  });
  await pictures.open(`/devices/${pdu}`);
  const row = page.getByRole('row').filter({ hasText: 'nas-sicherung' });
  await row.getByRole('button', { name: 'Schalten …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Ausschalten', { exact: true }).click();
  await dialog.getByText('Ohne Strom sind dann:').waitFor();
  await dialog.getByRole('heading', { level: 2 }).click();
  await pictures.take('steckdose-schalten', await around(dialog));
  await page.keyboard.press('Escape');
  await right(false);
}
