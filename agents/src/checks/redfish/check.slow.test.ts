import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { tryCheck, valuesOf } from '../testing.ts';

const at = (path: string) => ({ '@odata.id': `/redfish/v1/${path}` });
const all = (...paths: string[]) => ({ Members: paths.map(at) });
const ok = { Status: { State: 'Enabled', Health: 'OK' } };
const root = {
  RedfishVersion: '1.6.0',
  Systems: at('Systems'),
  Chassis: at('Chassis'),
  Managers: at('Managers'),
};

/** As services up to 2020 answer: Thermal and Power, sessions named by the root, a label in SKU. */
const older: Record<string, unknown> = {
  '': { ...root, Links: { Sessions: at('Sessions') } },
  Systems: all('Systems/1'),
  'Systems/1': {
    Name: 'System',
    Manufacturer: 'Musterwerk ',
    Model: 'R 540',
    SKU: 'ABC1234',
    SerialNumber: 'CN747510012345',
    BiosVersion: '2.10.2',
    HostName: 'esx1',
    Status: { Health: 'OK', HealthRollup: 'Warning' },
    MemorySummary: { Status: { HealthRollup: 'OK' } },
    ProcessorSummary: { Status: null },
    Storage: at('Systems/1/Storage'),
  },
  'Systems/1/Storage': all('Systems/1/Storage/RAID'),
  'Systems/1/Storage/RAID': {
    Name: 'RAID',
    StorageControllers: [{ Name: 'RAID-Controller', ...ok }],
    Drives: [at('Drives/0'), at('Drives/1'), at('Drives/2')],
    Volumes: at('Volumes'),
  },
  'Drives/0': { Name: 'Disk 0', ...ok, FailurePredicted: true, PredictedMediaLifeLeftPercent: 97 },
  'Drives/1': { Name: 'Disk 1', Status: { State: 'Absent', Health: null } },
  Volumes: all('Volumes/0'),
  'Volumes/0': { Id: 'Volume0', Status: { Health: 'Critical' } },
  Chassis: all('Chassis/1', 'Chassis/Backplane'),
  'Chassis/1': { ChassisType: 'RackMount', Thermal: at('Chassis/1/Thermal'), Power: at('Chassis/1/Power') },
  'Chassis/Backplane': { ChassisType: 'Component', Thermal: at('Chassis/1/Thermal') },
  'Chassis/1/Thermal': {
    Temperatures: [
      { Name: 'Inlet', ReadingCelsius: 23, UpperThresholdNonCritical: 43, UpperThresholdCritical: 47, ...ok },
      { Name: 'CPU2', ReadingCelsius: 0, Status: { State: 'Absent' } },
    ],
    Fans: [
      { FanName: 'Fan 1', Reading: 5880, ReadingUnits: 'RPM', ...ok },
      { Name: 'Fan 2', Reading: 21, ReadingUnits: 'Percent', Status: { Health: 'Critical' } },
    ],
  },
  'Chassis/1/Power': {
    PowerControl: [{ PowerConsumedWatts: 184 }],
    PowerSupplies: [{ Name: 'PS1', LineInputVoltage: 230, LastPowerOutputWatts: 92, ...ok }],
    Voltages: 'not read',
  },
  Managers: all('Managers/1'),
  'Managers/1': { Model: 'BMC 9', FirmwareVersion: '5.10' },
};

/** As newer ones answer: subsystems and sensors, no sessions, a serial number alone. */
const newer: Record<string, unknown> = {
  '': { ...root, Managers: undefined },
  Systems: all('Systems/1'),
  'Systems/1': {
    Name: 'Computer System',
    Manufacturer: 'Werk B',
    Model: 'SR650',
    SerialNumber: 'J301ABCD',
    SKU: '7X06CTO1WW',
    Storage: at('Systems/1/Storage'),
  },
  'Systems/1/Storage': all('Systems/1/Storage/1'),
  'Systems/1/Storage/1': { Name: 'Storage', Controllers: at('Controllers') },
  Controllers: all('Controllers/1'),
  'Controllers/1': { Name: 'RAID 930', Status: { State: 'Enabled', Health: 'Critical' } },
  Chassis: all('Chassis/1'),
  'Chassis/1': {
    ThermalSubsystem: at('Chassis/1/ThermalSubsystem'),
    PowerSubsystem: at('Chassis/1/PowerSubsystem'),
    EnvironmentMetrics: at('Chassis/1/EnvironmentMetrics'),
    Sensors: at('Chassis/1/Sensors'),
  },
  'Chassis/1/EnvironmentMetrics': { PowerWatts: { Reading: 374, DataSourceUri: '/redfish/v1/Sensors/3' } },
  'Chassis/1/ThermalSubsystem': { Fans: at('Fans') },
  Fans: all('Fans/1'),
  'Fans/1': { Name: 'Fan 1', SpeedPercent: { Reading: 30, SpeedRPM: 4100 }, ...ok },
  'Chassis/1/PowerSubsystem': { PowerSupplies: at('Supplies') },
  Supplies: all('Supplies/1'),
  'Supplies/1': { Name: 'PSU 1', Status: { Health: 'Warning' } },
  'Chassis/1/Sensors': all('Sensors/1', 'Sensors/2'),
  'Sensors/1': {
    Name: 'Ambient',
    ReadingType: 'Temperature',
    Reading: 25.5,
    Thresholds: { UpperCaution: { Reading: 43 }, UpperCritical: { Reading: 47 } },
    ...ok,
  },
  'Sensors/2': { Name: 'Total energy', ReadingType: 'EnergykWh', Reading: 1.5 },
};

const folder = mkdtempSync(join(tmpdir(), 'rackhaus-redfish-'));
const servers: Server[] = [];
let fingerprint = '';
let ended: string[] = [];

async function serve(resources: Record<string, unknown>, sessions: boolean): Promise<number> {
  const allowed = ({ headers }: IncomingMessage) =>
    sessions
      ? headers['x-auth-token'] === 'a-token'
      : headers.authorization === `Basic ${Buffer.from('root:calvin').toString('base64')}`;
  const server = createServer(
    { key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) },
    async (request, response) => {
      const path = (request.url ?? '').replace(/^\/redfish\/v1\//, '');
      const reply = (status: number, body: unknown, headers = {}) =>
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify(body));
      if (request.method === 'DELETE') {
        ended.push(path);
        return reply(204, undefined);
      }
      if (request.method === 'POST') {
        let body = '';
        for await (const part of request) body += String(part);
        if (!sessions) return reply(405, {});
        if (!body.includes('"Password":"calvin"')) return reply(401, {});
        return reply(201, {}, { 'x-auth-token': 'a-token', location: '/redfish/v1/Sessions/7' });
      }
      if (path !== '' && !allowed(request)) return reply(401, {});
      return resources[path] === undefined ? reply(404, {}) : reply(200, resources[path]);
    },
  ).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return z.object({ port: z.number() }).parse(server.address()).port;
}

beforeAll(() => {
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const names = ['-subj', '/CN=bmc', '-keyout', key, '-out', cert];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '20',
      ...names,
    ],
    { stdio: 'ignore' },
  );
  fingerprint = new X509Certificate(readFileSync(cert)).fingerprint256;
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});
const secret = { kind: 'password', user: 'root', password: 'calvin' };

it('reads a service with Thermal and Power, signs in by a session, and logs out', async () => {
  ended = [];
  const port = await serve(older, true);
  const result = await tryCheck('redfish', { port, trust: 'pinned', fingerprint }, secret);
  expect(result).toMatchObject({ outcome: 'ok', detail: null });
  expect(result.findings.identity).toMatchObject({
    vendor: 'Musterwerk',
    model: 'R 540',
    serial: 'ABC1234',
    firmware: '2.10.2',
    name: 'esx1',
  });
  expect(valuesOf(result, 'sensor', 'Inlet')).toEqual({ temperature: 23, state: 0 });
  expect(valuesOf(result, 'sensor', 'CPU2')).toBeUndefined();
  expect(valuesOf(result, 'fan', 'Fan 1')).toEqual({ state: 0, speed: 5880 });
  expect(valuesOf(result, 'fan', 'Fan 2')).toEqual({ state: 2 });
  expect(valuesOf(result, 'sensor', 'Fan 2')).toEqual({ share: 0.21 });
  expect(valuesOf(result, 'supply', 'PS1')).toEqual({ state: 0 });
  expect(valuesOf(result, 'device')).toEqual({ power: 184 });
  expect(valuesOf(result, 'sensor', 'System')).toEqual({ state: 1 });
  expect(valuesOf(result, 'sensor', 'Disk 0')).toEqual({ state: 1 });
  expect(valuesOf(result, 'sensor', 'Disk 1')).toBeUndefined();
  expect(valuesOf(result, 'sensor', 'RAID Volume0')).toEqual({ state: 2 });
  const inlet = result.findings.entities().find(({ entity }) => entity === 'Inlet');
  expect(inlet).toMatchObject({
    words: { state: 'OK' },
    limits: { temperature: { highWarning: 43, highCritical: 47 } },
  });
  expect(ended).toEqual(['Sessions/7']);
});

it('reads a service with sensors and subsystems that has no sessions', async () => {
  const port = await serve(newer, false);
  const result = await tryCheck('redfish', { port, trust: 'pinned', fingerprint }, secret);
  expect(result).toMatchObject({ outcome: 'ok', detail: null });
  expect(result.findings.identity).toMatchObject({ model: 'SR650', serial: 'J301ABCD' });
  expect(valuesOf(result, 'sensor', 'Ambient')).toEqual({ temperature: 25.5, state: 0 });
  expect(valuesOf(result, 'sensor', 'Total energy')).toEqual({ energy: 1500 });
  expect(valuesOf(result, 'fan', 'Fan 1')).toEqual({ state: 0, speed: 4100 });
  expect(valuesOf(result, 'supply', 'PSU 1')).toEqual({ state: 1 });
  const ambient = result.findings.entities().find(({ entity }) => entity === 'Ambient');
  expect(ambient?.limits?.temperature).toMatchObject({ highWarning: 43, highCritical: 47 });
  expect(valuesOf(result, 'device')).toEqual({ power: 374 });
  expect(valuesOf(result, 'sensor', 'RAID 930')).toEqual({ state: 2 });
});

it('reads temperatures of a service that has subsystems, but no sensors', async () => {
  const port = await serve(
    {
      ...newer,
      'Chassis/1': { ThermalSubsystem: at('Chassis/1/ThermalSubsystem') },
      'Chassis/1/ThermalSubsystem': { ThermalMetrics: at('Chassis/1/ThermalMetrics') },
      'Chassis/1/ThermalMetrics': {
        TemperatureReadingsCelsius: [
          { Reading: 24.8, DeviceName: 'IntakeTemp', DataSourceUri: '/redfish/v1/Chassis/1/Sensors/Intake' },
          { Reading: 41, DataSourceUri: '/redfish/v1/Chassis/1/Sensors/CPU1Temp' },
          { Reading: null, DeviceName: 'CPU2Temp' },
        ],
      },
    },
    false,
  );
  const result = await tryCheck('redfish', { port, trust: 'pinned', fingerprint }, secret);
  expect(result.outcome).toBe('ok');
  expect(valuesOf(result, 'sensor', 'IntakeTemp')).toEqual({ temperature: 24.8 });
  expect(valuesOf(result, 'sensor', 'CPU1Temp')).toEqual({ temperature: 41 });
  expect(valuesOf(result, 'sensor', 'CPU2Temp')).toBeUndefined();
});

it('tells a wrong password, a certificate that is another one, and a server that is none', async () => {
  const port = await serve(older, true);
  const pinned = { port, trust: 'pinned', fingerprint };
  expect(await tryCheck('redfish', pinned, { ...secret, password: 'falsch' })).toMatchObject({
    outcome: 'wrong-password',
  });
  expect(await tryCheck('redfish', { ...pinned, fingerprint: 'ab'.repeat(32) }, secret)).toMatchObject({
    outcome: 'certificate-changed',
  });
  const other = await serve({ '': { hello: 'world' } }, true);
  expect(await tryCheck('redfish', { ...pinned, port: other }, secret)).toMatchObject({
    outcome: 'protocol',
  });
});
