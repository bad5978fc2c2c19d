import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { NutTemplate } from '@rackhaus/config/checks';
import {
  type AssignedDevice,
  type Assignment,
  type CheckAnswer,
  type CheckJob,
  type ConfigurationAnswer,
  type ConfigurationJob,
  isIpAddress,
  type PreviewAnswer,
  type PreviewJob,
  type ProbeAnswer,
  type ProbeJob,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { Logger } from 'pino';
import { AlarmFile } from './alarm/alarm-file.ts';
import { makeCall } from './alarm/call.ts';
import { SilenceAlarm } from './alarm/silence-alarm.ts';
import { AssignmentFile } from './assignment/assignment-file.ts';
import { AssignmentFollower } from './assignment/assignment-follower.ts';
import { Authorities } from './checks/connection.ts';
import { runCheckJob } from './checks/jobs.ts';
import { CheckRounds } from './checks/rounds.ts';
import { ConfigurationReader } from './configurations/reader.ts';
import { BackendClient } from './delivery/backend-client.ts';
import { ClockOffset } from './delivery/clock-offset.ts';
import { Delivery } from './delivery/delivery.ts';
import { sendBatch } from './delivery/send.ts';
import { SightingsSender } from './delivery/sightings-sender.ts';
import { Discoveries } from './discovery/discoveries.ts';
import { JoinRefusedError, join as joinServer } from './key/join.ts';
import type { OwnKey } from './key/own-key.ts';
import { renewKey } from './key/renew.ts';
import { OncePerMinute } from './log.ts';
import { DeviceMonitor } from './monitor/device-monitor.ts';
import type { Poller } from './monitor/poller.ts';
import { OutOfReachError, type Reach, UnknownNameError } from './networks/reach.ts';
import { PollsNow } from './now/polls-now.ts';
import { Gatherer } from './outbox/gatherer.ts';
import { Outbox } from './outbox/outbox.ts';
import { OwnReadings } from './own-readings.ts';
import type { Echo, Echoer } from './ping/echo.ts';
import { isOwnMachine } from './ping/own-machine.ts';
import { SystemEchoer } from './ping/system-echoer.ts';
import { Prober } from './probe/prober.ts';
import type { LiveProfiles } from './profiles/live-profiles.ts';
import { OwnProfiles } from './profiles/own-profiles.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { SwitchedFile } from './switching/switched-file.ts';
import { Switcher } from './switching/switcher.ts';
import type { SyslogPlace } from './syslog/listener.ts';
import { Syslog } from './syslog/syslog.ts';
import { shownCertificate } from './tcp/certificate.ts';
import { acceptsConnection } from './tcp/connect.ts';
import type { TrapPort } from './traps/listener.ts';
import { openOwnEngine } from './traps/own-engine.ts';
import { Traps } from './traps/traps.ts';
import { V3Traps } from './traps/v3.ts';
import { GatewayWitness } from './witness/gateway-witness.ts';
import { LastAnswers } from './witness/last-answers.ts';

const ownReadingsEveryMs = 5000;
/** Nobody waits longer for what a device says now. */
const deliverNowWithinMs = 10_000;
/** While the backend takes nothing there is no hurry: fewer, larger batches. */
const gatherMs = { flowing: 250, away: 1000 };

export interface AgentOptions {
  readonly key: OwnKey;
  readonly server: URL;
  /** Of the server's certificate, as node prints it; left out: the certificate is verified as usual. */
  readonly fingerprint?: string | undefined;
  /** Which addresses may be asked anything. */
  readonly reach: Reach;
  /** Folder for the outbox and the last assignment. */
  readonly dataDir: string;
  /** Makes the SNMP poller of a device; called for devices with SNMP only. */
  readonly createPoller: (device: AssignedDevice) => Poller;
  /** Asks a device whether it answers to credentials; see probe/job.ts. */
  readonly probe: (job: ProbeJob, echo: Echoer['echo'], signal: AbortSignal) => Promise<ProbeAnswer>;
  /** The profiles by which polling recognises devices now. */
  readonly profiles: () => ProfileSet;
  /** Polls a device with a profile that is being written; see profiles/preview.ts. */
  readonly preview: (job: PreviewJob, signal: AbortSignal) => Promise<PreviewAnswer>;
  /** Reads the configuration of a device at an address that may be asked; see configurations/read-configuration.ts. */
  readonly readConfiguration: (job: ConfigurationJob, signal: AbortSignal) => Promise<ConfigurationAnswer>;
  /** The profiles that come with the agent, and those in use, which it replaces when people write others. null: nothing is polled by them. */
  readonly ownProfiles: { readonly shipped: ProfileSet; readonly live: LiveProfiles } | null;
  /** What the variables of UPS mean that are asked by NUT. */
  readonly nut: NutTemplate;
  /** Where traps are received; null: not at all. */
  readonly traps: TrapPort | null;
  /** Where messages of devices are received; null or left out: not at all. */
  readonly syslog?: SyslogPlace | null;
  /** The host that tells by its answers whether the agent has a network; null: nobody does. */
  readonly gateway: () => Promise<string | null>;
  /** Called whenever an assignment is taken up. */
  readonly assigned?: (assignment: Assignment) => void;
  readonly log: Logger;
}

export interface Agent {
  /** UDP port on which traps are received; null while that is not so. */
  readonly trapPort: number | null;
  /** Ports on which messages of devices are received; null while that is not so. */
  readonly syslogPorts: { readonly udp: number | null; readonly tcp: number | null };
  /** Opens the outbox and begins to follow, poll and deliver. @throws OutboxUnusableError */
  start(): void;
  /** Ends polling and delivery; what was read is in the outbox when it resolves. */
  stop(): Promise<void>;
}

/** Builds a polling agent: assignment -> schedule -> monitors -> outbox -> delivery. */
export function createAgent(options: AgentOptions): Agent {
  const { log, key, reach } = options;
  const now = () => Date.now();
  const monotonicMs = () => performance.now();

  const alarm = new SilenceAlarm({
    file: new AlarmFile(join(options.dataDir, 'alarm.json')),
    call: makeCall,
    monotonicMs,
    now,
    log,
  });
  const clock = new ClockOffset({ now, monotonicMs });
  const client = new BackendClient({
    server: options.server,
    fingerprint: options.fingerprint,
    token: () => key.reveal(),
    answered: (sentAt, time) => {
      clock.answered(sentAt, time);
      alarm.heard();
    },
    monotonicMs,
  });
  const outbox = new Outbox({ file: join(options.dataDir, 'outbox.sqlite'), now, log });
  const delivery = new Delivery({
    outbox,
    send: (batch, signal) => sendBatch({ client, outboxId: outbox.id, batch, now, signal }),
    monotonicMs,
    log,
  });
  const gatherer = new Gatherer({
    outbox,
    waitMs: () => (delivery.flowing ? gatherMs.flowing : gatherMs.away),
    appended: (sequence) => delivery.appended(sequence),
    log,
  });

  const sender = new SightingsSender({ client, now, log });

  const pinger = new SystemEchoer({ log, onChange: () => readOwn() });
  /** Null for a name without an address: nobody answers there. */
  const addressOf = async (host: string): Promise<string | null> => {
    try {
      return await reach.resolve(host);
    } catch (error) {
      if (error instanceof UnknownNameError) return null;
      if (!(error instanceof OutOfReachError)) throw error;
      if (outOfReach.due()) log.warn({ problem: error.message }, 'a device is not asked');
      return null;
    }
  };
  const outOfReach = new OncePerMinute();
  const echo = async (host: string, signal: AbortSignal): Promise<Echo> => {
    const address = await addressOf(host);
    return address === null ? { rttMs: null } : await pinger.echo(address, signal);
  };
  const answering = new LastAnswers({ monotonicMs });
  const monitors = new Map<number, { device: AssignedDevice; monitor: DeviceMonitor }>();
  const scheduler = new Scheduler({
    // Checks have numbers of their own below 0.
    run: async (id) => {
      if (id < 0) return checks.round(-id);
      const known = monitors.get(id);
      const answered = (await known?.monitor.round()) ?? false;
      if (known !== undefined && monitors.get(id) === known && !isOwnMachine(known.device.address))
        answering.note(id, answered, known.device.intervalSeconds * 1000);
      return answered;
    },
    monotonicMs,
    log,
  });

  const checking = {
    resolve: (host: string) => reach.resolve(host),
    authorities: new Authorities(),
    nut: options.nut,
    monotonicMs,
  };
  const checks = new CheckRounds({
    ...checking,
    emit: (readings) => gatherer.add(readings),
    observe: (observation) => gatherer.addObservation(observation),
    schedule: {
      add: (id, intervalMs) => scheduler.add(-id, intervalMs),
      remove: (id) => scheduler.remove(-id),
    },
    now,
    log,
  });

  const v3 = new V3Traps({
    openEngine: () => openOwnEngine(join(options.dataDir, 'snmp-engine.json'), log),
    monotonicMs,
  });
  const traps =
    options.traps &&
    new Traps({
      where: options.traps,
      v3,
      // What its forwarding table says follows much later than its links.
      readNow: async (deviceId) => await monitors.get(deviceId)?.monitor.readNow({ sight: false }),
      monotonicMs,
      log,
    });

  const syslog = options.syslog
    ? new Syslog({
        where: options.syslog,
        dataDir: options.dataDir,
        client: new BackendClient({
          server: options.server,
          fingerprint: options.fingerprint,
          token: () => key.reveal(),
          monotonicMs,
        }),
        allows: (address) => reach.allows(address),
        now,
        monotonicMs,
        log,
      })
    : null;

  const createMonitor = (device: AssignedDevice) =>
    new DeviceMonitor(device, {
      createPoller: device.snmp === null ? null : () => options.createPoller(device),
      echo,
      accepts: async (where) => {
        const host = await addressOf(where.host);
        return host !== null && (await acceptsConnection({ ...where, host }));
      },
      certificate: async (where) => {
        const host = await addressOf(where.host);
        return host === null ? null : await shownCertificate({ ...where, host, name: where.host });
      },
      emit: (readings) => gatherer.add(readings),
      observe: (observation) => gatherer.addObservation(observation),
      sighted: (sightings) => sender.offer(sightings),
      now,
      monotonicMs,
      log,
    });

  const drop = (deviceId: number) => {
    scheduler.remove(deviceId);
    monitors.get(deviceId)?.monitor.close();
    monitors.delete(deviceId);
    answering.forget(deviceId);
    gatherer.forget(deviceId);
    sender.forget(deviceId);
  };

  /** In place: devices that did not change go on without noticing. */
  const apply = (assignment: Assignment) => {
    // What a name stands for is looked at again.
    if (reach.setServer(assignment.networks))
      for (const [deviceId, { device }] of monitors) if (!isIpAddress(device.address)) drop(deviceId);
    const wanted = new Map(assignment.devices.filter(isPolled).map((device) => [device.id, device]));
    let changes = 0;
    for (const [deviceId, { device }] of monitors) {
      if (isDeepStrictEqual(wanted.get(deviceId), device)) continue;
      drop(deviceId);
      changes++;
    }
    for (const device of wanted.values()) {
      if (monitors.has(device.id)) continue;
      monitors.set(device.id, { device, monitor: createMonitor(device) });
      scheduler.add(device.id, device.intervalSeconds * 1000);
      changes++;
    }
    ownProfiles?.follow(assignment.ownProfiles);
    checks.set(assignment.devices);
    traps?.setDevices([...wanted.values()]);
    syslog?.setDevices(assignment.devices);
    alarm.setPlan(assignment.agent.name, assignment.silence ?? null);
    log.info({ agent: assignment.agent.name, devices: wanted.size, changes }, 'assignment taken up');
    options.assigned?.(assignment);
  };

  const ownProfiles =
    options.ownProfiles &&
    new OwnProfiles({
      file: join(options.dataDir, 'own-profiles.json'),
      client,
      ...options.ownProfiles,
      log,
    });
  const previewer = new Prober({
    run: async (job: PreviewJob, signal): Promise<PreviewAnswer> => {
      const nothing = { id: job.id, preview: null, present: null };
      try {
        const address = await reach.resolve(job.address);
        return await options.preview({ ...job, address }, signal);
      } catch (error) {
        if (error instanceof UnknownNameError) return { ...nothing, outcome: 'unknown-host', detail: null };
        if (error instanceof OutOfReachError)
          return { ...nothing, outcome: 'not-allowed', detail: error.message };
        throw error;
      }
    },
    path: 'api/agent/previews',
    client,
    log,
  });
  const checkTries = new Prober({
    run: (job: CheckJob, signal): Promise<CheckAnswer> =>
      runCheckJob(job, { ...checking, now: now() }, signal),
    path: 'api/agent/checks',
    client,
    log,
  });
  const prober = new Prober({
    run: async (job: ProbeJob, signal): Promise<ProbeAnswer> => {
      const nothing = { id: job.id, ms: null, pings: null, identity: null };
      try {
        const address = await reach.resolve(job.address);
        return await options.probe({ ...job, address }, echo, signal);
      } catch (error) {
        if (error instanceof UnknownNameError) return { ...nothing, outcome: 'unknown-host', detail: null };
        if (error instanceof OutOfReachError)
          return { ...nothing, outcome: 'not-allowed', detail: error.message };
        throw error;
      }
    },
    client,
    log,
  });
  const configurations = new ConfigurationReader({
    read: options.readConfiguration,
    resolve: (host) => reach.resolve(host),
    client,
    log,
  });
  /** Reads a device out of turn; resolves when the backend has what it said. */
  const readNow = async (deviceId: number, stopped: AbortSignal): Promise<number | null> => {
    const monitor = monitors.get(deviceId)?.monitor;
    if (monitor === undefined) return null;
    const collected = gatherer.collect();
    const { time, sightings } = await monitor.readNow();
    gatherer.flush();
    const sequences = collected();
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(deliverNowWithinMs)]);
    const delivered = await Promise.all([
      delivery.settled(sequences, signal),
      sightings === null || sender.deliver(sightings, signal),
    ]);
    return delivered.every(Boolean) ? time : null;
  };
  const pollsNow = new PollsNow({ read: readNow, client, log });
  const switcher = new Switcher({
    deviceOf: (deviceId) => monitors.get(deviceId)?.device,
    resolve: (host) => reach.resolve(host),
    profiles: options.profiles,
    file: new SwitchedFile(join(options.dataDir, 'switched.json')),
    // What it says now belongs on the screen at once.
    switched: async (deviceId, anew) => {
      await monitors.get(deviceId)?.monitor.readNow({ sight: false, anew });
      gatherer.flush();
    },
    backendNow: () => {
      const ahead = clock.seconds();
      return ahead === null ? null : now() - ahead * 1000;
    },
    monotonicMs,
    client,
    log,
  });
  // Pings of its own: where each is a process, those of the polling do not wait behind a thousand silent addresses.
  const discoveryPinger = new SystemEchoer({ log });
  const discoveries = new Discoveries({
    client,
    profiles: options.profiles,
    echo: (address, signal) => discoveryPinger.echo(address, signal),
    allows: (address) => reach.ownAllows(address),
    now,
    monotonicMs,
    log,
  });
  const keyTrouble = new OncePerMinute();
  const follower = new AssignmentFollower({
    client,
    file: new AssignmentFile(join(options.dataDir, 'assignment.json')),
    apply,
    probe: (jobs) => prober.take(jobs),
    preview: (jobs) => previewer.take(jobs),
    check: (jobs) => checkTries.take(jobs),
    configurations: (jobs) => configurations.take(jobs),
    switches: (jobs) => switcher.take(jobs),
    pollNow: (jobs) => pollsNow.take(jobs),
    discover: (orders) => discoveries.take(orders),
    profiles: () => ownProfiles?.taken ?? null,
    asking: () => {
      try {
        key.refresh();
      } catch (error) {
        if (keyTrouble.due()) log.error({ err: error }, 'the token file cannot be read');
      }
    },
    refused: async (signal) => {
      if (key.renewing) key.taken();
      // A new token may have been put into its file.
      await joinServer({ client, key, signal, now, log }).catch((error: unknown) => {
        if (!(error instanceof JoinRefusedError)) throw error;
        if (keyTrouble.due()) log.error({ problem: error.message }, 'the new token is refused');
      });
    },
    renewKey: (signal) => renewKey({ client, key, signal }),
    now,
    log,
  });

  const witness = new GatewayWitness({
    gateway: options.gateway,
    othersAnswer: (silentSince) => answering.speakForNetwork(silentSince),
    monotonicMs,
    echo: (host, signal) => pinger.echo(host, signal),
    tell: (answers) => {
      const before = gateway;
      gateway = answers;
      if (gateway !== before) readOwn();
    },
    log,
  });
  /** Whether the gateway answers; null: not known. */
  let gateway: boolean | null = null;

  const own = new OwnReadings({ monotonicMs });
  const readOwn = () => {
    try {
      const state = {
        outbox: outbox.state(),
        lost: gatherer.lost,
        clockOffset: clock.seconds(),
        devices: monitors.size,
        late: scheduler.late,
        gateway,
        ping: pinger.allowed,
      };
      gatherer.add([own.read(state, now())]);
    } catch (error) {
      log.error({ err: error }, 'the outbox cannot be read');
    }
  };
  let ownTimer: NodeJS.Timeout | null = null;

  return {
    get trapPort() {
      return traps?.port ?? null;
    },
    get syslogPorts() {
      return syslog?.ports ?? { udp: null, tcp: null };
    },
    start() {
      outbox.open();
      pinger.start();
      syslog?.start();
      scheduler.start();
      delivery.start();
      alarm.start();
      witness.start();
      ownProfiles?.start();
      follower.start();
      if (traps) {
        v3.start();
        void traps.start();
      }
      readOwn();
      ownTimer = setInterval(readOwn, ownReadingsEveryMs);
    },
    async stop() {
      if (ownTimer !== null) clearInterval(ownTimer);
      ownTimer = null;
      await alarm.stop();
      await witness.stop();
      await follower.stop();
      await prober.stop();
      await checkTries.stop();
      await previewer.stop();
      await configurations.stop();
      await switcher.stop();
      await ownProfiles?.stop();
      await discoveries.stop();
      discoveryPinger.stop();
      traps?.stop();
      await syslog?.stop();
      pinger.stop();
      const polls = scheduler.stop();
      checks.stop();
      for (const deviceId of [...monitors.keys()]) drop(deviceId);
      await polls;
      await pollsNow.stop();
      await sender.stop();
      gatherer.flush();
      await delivery.stop();
      client.close();
      outbox.close();
    },
  };
}

/** A device without any kind of probe is not scheduled: nothing can be said of it. */
function isPolled(device: AssignedDevice): boolean {
  return device.snmp !== null || device.ping || device.tcp.length > 0;
}
