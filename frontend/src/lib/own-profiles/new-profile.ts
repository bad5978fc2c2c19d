/** What a new profile begins with: right as it is, and with each part that most families need. */
export const newProfile = `id: my-device
title: My device
includes: [system, interfaces, lldp]

# Which devices it fits. The number stands in sysObjectID.
match:
  - { sysObjectId: [1.3.6.1.4.1.99999] }

identity:
  vendor: [{ value: My vendor }]

scalars:
  - id: my-device-room
    objects:
      temperature: 1.3.6.1.4.1.99999.1.1.0
    values:
      - { metric: sensor.temperature, column: temperature, scale: 0.1 }
`;
