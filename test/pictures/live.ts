import type { Pictures } from './pictures.ts';
import { wallboard } from './wallboard.ts';

/** How the rooms are: from all well to one UPS on battery, as it stays afterwards. */
export async function livePictures(pictures: Pictures): Promise<void> {
  const { page } = pictures;
  const room = await pictures.room('Serverraum neu');
  const devices = room.racks.flatMap((rack) => rack.devices);
  const device = (name: string) => {
    const found = devices.find((each) => each.name === name);
    if (!found) throw new Error(`there is no ${name} in ${room.name}`);
    return found.id;
  };
  const rack = room.racks[0];
  if (!rack) throw new Error(`there is no rack in ${room.name}`);

  await pictures.open('/rooms');
  await page.locator('article svg path').first().waitFor();
  await pictures.take('raeume');

  await pictures.open(`/racks/${rack.id}`);
  await pictures.litPorts(device('core-1'));
  await pictures.take('schrank');

  await pictures.open(`/rooms/${room.id}`);
  await pictures.litPorts(device('core-1'));
  await page
    .locator(`[data-device="${device('core-1')}"] [data-port].up`)
    .nth(4)
    .hover();
  await page.getByRole('status').getByText('Kabel').first().waitFor();
  await pictures.take('anschluss');
  await page.mouse.move(1400, 880);

  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Gerät, Port, Dose, Etikett, Raum oder Befehl').fill('1.07');
  await page.getByRole('option', { name: /1\.07-1/ }).waitFor();
  await pictures.take('suche', { x: 0, y: 0, width: 1440, height: 460 });
  await page.keyboard.press('Escape');

  await pictures.historyUploaded(device('USV A'));
  await pictures.open(`/devices/${device('core-1')}`);
  await page.locator('tbody tr').nth(5).waitFor();
  await pictures.take('geraet');

  await pictures.open(`/devices/${device('USV A')}`);
  await pictures.charts();
  await pictures.take('verlaeufe');

  // From here on UPS B runs on battery.
  await pictures.cause('cut-mains', 'USV B');
  await pictures.open(`/rooms/${room.id}`);
  await page.getByRole('complementary').getByText('USV B auf Batterie').first().waitFor({ timeout: 30_000 });
  await page.locator(`[data-device="${device('USV B')}"].asks`).waitFor();
  await pictures.litPorts(device('core-1'));
  await pictures.take('raum');

  await pictures.open('/simulator');
  await pictures
    .button(/zurücknehmen/)
    .first()
    .waitFor();
  await pictures.take('simulator');

  await wallboard(pictures, { roomId: room.id, picture: 'wandanzeige', sentence: /USV B auf Batterie/ });
}
