import { checkOwnProfile, loadProfiles, type Profile } from '@rackhaus/config/profiles';
import { yamlText } from '@rackhaus/config/yaml';
import { describe, expect, it } from 'vitest';
import { refuseOtherSwitch } from './refuse-switch.ts';

const shipped = await loadProfiles();
const switching = [...shipped.profiles.values()].filter(({ tables }) =>
  tables.some((table) => table.switch !== undefined),
);
const technician = { administrator: false };

function copyOf(profile: Profile, change: (text: string) => string = (text) => text): Profile {
  const text = change(yamlText(profile));
  const { profile: copy, problems } = checkOwnProfile(text, shipped.profiles);
  if (copy === null) throw new Error(problems.map(({ message }) => message).join());
  return copy;
}

describe('what own profiles write to devices', () => {
  it.each(switching.map((profile) => [profile.id, profile] as const))(
    'may be as in %s, by whomever',
    (_, profile) => {
      refuseOtherSwitch(copyOf(profile), shipped, technician);
    },
  );

  it.each([
    ['another object', /1\.3\.6\.1\.4\.1\.318\.1\.1\.26\.9\.2\.4\.1\.5/g, '1.3.6.1.2.1.2.2.1.7'],
    [
      'other names, so that another outlet is meant',
      /1\.3\.6\.1\.4\.1\.318\.1\.1\.26\.9\.2\.3\.1\.4/g,
      '1.3.6.1.4.1.318.1.1.26.9.2.3.1.3',
    ],
    ['another state', /1\.3\.6\.1\.4\.1\.318\.1\.1\.26\.9\.2\.3\.1\.5/g, '1.3.6.1.4.1.318.1.1.26.9.2.3.1.6'],
    ['another word for what the device calls it', /"?\{name\}"?/g, '"{index}"'],
  ])('is for administrators with %s', (_, from, to) => {
    const profile = shipped.profiles.get('apc-pdu');
    if (profile === undefined) throw new Error('the profile has gone');
    const other = copyOf(profile, (text) => text.replace(from, to));
    expect(() => refuseOtherSwitch(other, shipped, technician)).toThrow(/only an administrator/);
    refuseOtherSwitch(other, shipped, { administrator: true });
  });
});
