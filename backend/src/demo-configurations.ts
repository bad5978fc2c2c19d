import type { ProfileSet } from '@rackhaus/config/profiles';
import type { SecretBox } from './access/secret-box.ts';
import { dialogueOf } from './configurations/candidates.ts';
import { readingOf } from './configurations/masking.ts';
import { type Covered, Versions } from './configurations/versions.ts';
import type { Database } from './database/tables.ts';

const day = 86_400_000;
const note = 'Beispiel: Die Geräte der Demo antworten nicht über SSH, dieser Text wurde nicht gelesen.';

interface Sample {
  readonly device: string;
  readonly profile: string;
  /** First one, then the other. */
  readonly texts: readonly [string, string];
  readonly covered: Covered;
}

/** Two versions each, as they would have been read from three of the town hall's switches. */
const samples: readonly Sample[] = [
  {
    device: 'core-1',
    profile: 'arubaos-cx',
    texts: [aosCx('core-1', 'Gäste-WLAN', 'alt'), aosCx('core-1', 'WLAN Bürger', 'neu')],
    covered: { why: 'maintenance', covering: 'Firmware der Kern-Switches' },
  },
  {
    device: 'acc-ug-1',
    profile: 'arubaos-cx',
    texts: [aosCx('acc-ug-1', 'Telefone', 'alt'), aosCx('acc-ug-1', 'Telefonie', 'alt')],
    covered: { why: 'unexpected', covering: null },
  },
  {
    device: 'acc-ug-2',
    profile: 'cisco-iosxe',
    texts: [ios('acc-ug-2', [40]), ios('acc-ug-2', [40, 60])],
    covered: { why: 'maintenance', covering: 'Umzug Bauamt' },
  },
];

/**
 * Saved configurations of the sample town hall, to look at, compare and search. The devices are not read: nobody answers SSH at their
 * addresses, or this machine itself does. To be called once.
 */
export async function bringConfigurationsIn(options: {
  db: Database;
  secretBox: SecretBox;
  profiles: ProfileSet;
  now: number;
}): Promise<void> {
  const { db, profiles, now } = options;
  const versions = new Versions(options);
  await versions.start();
  for (const { device, profile, texts, covered } of samples) {
    const { id: deviceId } = await db
      .selectFrom('devices')
      .select('id')
      .where('name', '=', device)
      .executeTakeFirstOrThrow();
    const reading = readingOf(dialogueOf(profiles, profile));
    for (const [at, text] of texts.entries())
      await versions.keep(
        { deviceId, profile, text, reading, now: now - (at === 0 ? 24 : 3) * day },
        async () => covered,
      );
    // Who has looked at it: what nobody has looked at would ask for attention.
    await db
      .updateTable('configuration_versions')
      .set({ reviewed_at: now - 2 * day, reviewed_by: 'Katja Brandt' })
      .where('device_id', '=', deviceId)
      .where('why', '=', 'unexpected')
      .execute();
    await db
      .insertInto('configuration_devices')
      .values({
        device_id: deviceId,
        active: 0,
        login_id: null,
        port: 22,
        host_keys: '[]',
        host_keys_at: null,
        offered_keys: '[]',
        tried_at: now - day,
        outcome: 'read',
        detail: null,
        read_at: now - day,
        failing_since: null,
      })
      .execute();
  }
}

function aosCx(name: string, vlanName: string, secret: string): string {
  return [
    `! ${note}`,
    `hostname ${name}`,
    `user sicherung group auditors password ciphertext AQBape-beispiel-${secret}`,
    'ntp server 10.10.0.5',
    `snmp-server community beispiel-${secret}`,
    'vlan 1',
    'vlan 40',
    '    name Bauamt',
    'vlan 50',
    `    name ${vlanName}`,
    'vlan 90',
    '    name Verwaltung',
    ...Array.from({ length: 8 }, (_, port) => [
      `interface 1/1/${port + 1}`,
      '    no shutdown',
      '    no routing',
      `    vlan access ${port < 4 ? 40 : 50}`,
    ]).flat(),
    'interface vlan 90',
    '    ip address 10.10.90.1/24',
    'https-server vrf mgmt',
    '',
  ].join('\n');
}

function ios(name: string, vlans: readonly number[]): string {
  return [
    `! ${note}`,
    `hostname ${name}`,
    'service password-encryption',
    'username sicherung privilege 5 secret 9 $9$beispiel$NurZumZeigen',
    'snmp-server community beispiel RO',
    'spanning-tree mode rapid-pvst',
    ...vlans.flatMap((vlan) => [`vlan ${vlan}`, ` name Netz-${vlan}`, '!']),
    ...Array.from({ length: 8 }, (_, port) => [
      `interface GigabitEthernet1/0/${port + 1}`,
      ` description Dose 0.${port + 1}`,
      ` switchport access vlan ${vlans[port % vlans.length]}`,
      ' switchport mode access',
      '!',
    ]).flat(),
    'end',
    '',
  ].join('\n');
}
