import { loadProfiles } from '@rackhaus/config/profiles';
import { expect, it } from 'vitest';
import { dialogueOf } from './candidates.ts';
import { comparedText, keptText, maskedLines, readingOf } from './masking.ts';

const profiles = await loadProfiles();
const readingFor = (family: string) => {
  const dialogue = dialogueOf(profiles, family);
  if (dialogue === undefined) throw new Error(`${family} has no "configuration"`);
  return readingOf(dialogue);
};
const word = 'Xy7GehEim9';

/** Lines as these families write them; `word` is the secret in each. */
const secretLines: Readonly<Record<string, readonly string[]>> = {
  'cisco-ios': [
    `enable secret 5 ${word}`,
    `username admin privilege 15 password 0 ${word}`,
    `snmp-server host 10.0.0.1 vrf Mgmt version 2c ${word} `,
    `snmp-server host 10.0.0.1 ${word}`,
    ` key ${word}`,
    `tacacs-server key 7 ${word}`,
    `ntp authentication-key 1 md5 ${word} 7`,
    `crypto isakmp key ${word} address 10.0.0.3`,
  ],
  'cisco-nxos': [
    `snmp-server user admin network-admin auth md5 0x${'3a'.repeat(16)} priv 0x${'4b'.repeat(16)} localizedkey`,
    `snmp-server community ${word} group network-operator`,
    `username admin password 5 ${word}  role network-admin`,
  ],
  'cisco-asa': [
    `enable password ${word} encrypted`,
    `passwd ${word} encrypted`,
    ` ldap-login-password ${word}`,
    ` ikev2 remote-authentication pre-shared-key ${word}`,
    `snmp-server host inside 10.0.0.1 community ${word} version 2c`,
    ` key ${word}`,
  ],
  'cisco-small-business': [
    `username admin password encrypted ${word} privilege 15`,
    `encrypted radius-server host 10.0.0.2 key ${word}`,
    `encrypted sntp authentication-key 1 md5 ${word}`,
    `snmp-server community ${word} ro view Default`,
  ],
  procurve: [
    `snmp-server community "${word}" operator`,
    `snmp-server host 10.0.0.1 community "${word}" trap-level critical`,
    `radius-server host 10.0.0.2 key "${word}"`,
    `password manager user-name "admin" sha1 "${word}"`,
  ],
  'arubaos-cx': [
    `user admin group administrators password ciphertext ${word}`,
    `radius-server host 10.0.0.2 key ciphertext ${word}`,
    `snmp-server community ${word}`,
  ],
  comware: [
    ` password hash ${word}`,
    ` snmp-agent community read cipher ${word}`,
    ` primary authentication 10.0.0.2 key cipher ${word}`,
  ],
  'huawei-vrp': [
    ` local-user admin password irreversible-cipher ${word}`,
    ` snmp-agent community read cipher %^%#${word} mit Blank%^%#`,
    ` pin verify auto ${word}`,
  ],
  junos: [
    `set system root-authentication encrypted-password "${word}"`,
    `set snmp community ${word} authorization read-only`,
    `set system radius-server 10.0.0.2 secret "${word}"`,
  ],
  fortigate: [
    `        set password ENC ${word}`,
    `        set psksecret ENC ${word}`,
    `        set passwd ${word}`,
    `            set md5-key 1 ${word}`,
  ],
  opnsense: [
    `      <password>${word}</password>`,
    `      <bcrypt-hash>${word}</bcrypt-hash>`,
    `      <prv>${word}</prv>`,
    `      <pre-shared-key>${word}</pre-shared-key>`,
    `      <radius_secret>${word}</radius_secret>`,
    `      <ldap_bindpw><![CDATA[${word}]]></ldap_bindpw>`,
    `      <rocommunity>${word}</rocommunity>`,
    `      <otp_seed>${word}</otp_seed>`,
    `      <privkey>${word}</privkey>`,
  ],
  pfsense: [`<sha512-hash>${word}</sha512-hash>`, `<tls>${word}</tls>`, `<shared_key>${word}</shared_key>`],
  'palo-alto': [`      phash ${word};`, `    secret -AQ==${word}=;`, `  community-string ${word};`],
  sonicwall: [`    secret 4,${word}`, `    shared-secret 4,${word}`, `    password 4,${word}`],
  'check-point': [
    `set user admin password-hash ${word}`,
    `set snmp community ${word} read-only`,
    `add aaa radius-servers priority 1 host 10.0.0.2 secret ${word}`,
  ],
  'ubiquiti-edgeos': [
    `set service snmp community ${word} authorization ro`,
    `set system login user admin authentication encrypted-password '${word}'`,
    `set vpn ipsec site-to-site peer 10.0.0.3 authentication pre-shared-secret '${word} mit Blank'`,
  ],
  'extreme-xos': [
    `configure radius mgmt-access primary shared-secret encrypted "${word}"`,
    `create account admin admin encrypted "${word}"`,
    `configure snmp add community readonly ${word}`,
  ],
  routeros: [
    `/ppp secret add name=a password=${word} profile=b`,
    `/snmp community set [ find default=yes ] authentication-password=${word}`,
    `/interface wireguard add name=wg1 private-key="${word}"`,
  ],
};

it.each(Object.entries(secretLines))('no secret of %s is ever shown', (family, lines) => {
  const shown = maskedLines(`${lines.join('\n')}\n`, readingFor(family), () => '‹••• 0000›').lines;
  expect(shown.join('\n')).not.toMatch(/GehEim|(?:3a|4b){8}/);
});

/** What is another each night although nobody has done anything, and what stands beside it. */
const byItself: Readonly<Record<string, readonly [string, string]>> = {
  'cisco-ios': [
    '! Last configuration change at 10:00:00 CET\nntp clock-period 17180',
    '! Last configuration change at 11:00:00 CET\nntp clock-period 17181',
  ],
  fortigate: [
    '#conf_file_ver=1\nset password ENC abc\nset private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----"\nconfig firewall internet-service-name\n    edit "a"\nend',
    '#conf_file_ver=2\nset password ENC def\nset private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIF\nMore\n-----END ENCRYPTED PRIVATE KEY-----"\nconfig firewall internet-service-name\n    edit "b"\n    next\nend',
  ],
  opnsense: [
    '  <revision>\n    <time>1700000000.1</time>\n    <description>a</description>\n  </revision>',
    '  <revision>\n    <time>1700000001.1</time>\n    <username>(system)</username>\n  </revision>',
  ],
  routeros: [
    '# 2026-01-01 01:00:00 by RouterOS 7.12\n# inactive time',
    '# jan/02/2026 01:00:00 by RouterOS 6.49\n# ether5 not ready',
  ],
  sonicwall: ['system-time "01/01/2026 01:00:00.1"\nchecksum 1', 'system-time "01/02/2026 01:00:00.1"'],
  'check-point': ['# Exported by admin on Mon', '# Exported by admin on Tue'],
  'dell-networking': ['sflow 1 destination owner a timeout 100', 'sflow 1 destination owner a timeout 99'],
};

it.each(Object.entries(byItself))('what %s changes by itself makes no version', (family, [one, other]) => {
  const reading = readingFor(family);
  const compared = (text: string) =>
    comparedText(keptText(`hostname a\n${text}\nvlan 40\n`, reading), reading);
  expect(compared(one)).toBe(compared(other));
  expect(compared(one)).toContain('hostname a\n');
  expect(compared(one)).toContain('vlan 40\n');
});
