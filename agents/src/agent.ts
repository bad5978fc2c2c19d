import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AssignedDevice, Assignment, ProbeAnswer, ProbeJob } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { AlarmFile } from './alarm/alarm-file.ts';
import { makeCall } from './alarm/call.ts';
import { SilenceAlarm } from './alarm/silence-alarm.ts';
import { AssignmentFile } from './assignment/assignment-file.ts';
import { AssignmentFollower } from './assignment/assignment-follower.ts';
import { BackendClient } from './delivery/backend-client.ts';
import { Delivery } from './delivery/delivery.ts';
import { sendBatch } from './delivery/send.ts';
import { SightingsSender } from './delivery/sightings-sender.ts';
import { DeviceMonitor } from './monitor/device-monitor.ts';
import type { Poller } from './monitor/poller.ts';
import { PollsNow } from './now/polls-now.ts';
import { Gatherer } from './outbox/gatherer.ts';
import { Outbox } from './outbox/outbox.ts';
import { Pinger } from './ping/pinger.ts';
import { Prober } from './probe/prober.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { shownCertificate } from './tcp/certificate.ts';
import { acceptsConnection } from './tcp/connect.ts';
import type { Token } from './token.ts';
import type { TrapPort } from './traps/listener.ts';
import { openOwnEngine } from './traps/own-engine.ts';
import { Traps } from './traps/traps.ts';
import { V3Traps } from './traps/v3.ts';
import { defaultGateway } from './witness/default-gateway.ts';
import { GatewayWitness } from './witness/gateway-witness.ts';

const ownReadingsEveryMs = 5000;
/** Nobody waits longer for what a device says now. */
const deliverNowWithinMs = 10_000;
/** While the backend takes nothing there is no hurry: fewer, larger batches. */
const gatherMs = { flowing: 250, away: 1000 };

export interface AgentOptions {
  readonly server: URL;
  readonly token: Token;
  /** Folder for the outbox and the last assignment. */
  readonly dataDir: string;
  /** Makes the SNMP poller of a device; called for devices with SNMP only. */
  readonly createPoller: (device: AssignedDevice) => Poller;
  /** Asks a device whether it answers to credentials; see probe/job.ts. */
  readonly probe: (job: ProbeJob, echo: Pinger['echo'], signal: AbortSignal) => Promise<ProbeAnswer>;
  /** Where traps are received; null: not at all. */
  readonly traps: TrapPort | null;
  /** Called whenever an assignment is taken up. */
  readonly assigned?: (assignment: Assignment) => void;
  readonly log: Logger;
}

export interface Agent {
  /** UDP port on which traps are received; null while that is not so. */
  readonly trapPort: number | null;
  /** Opens the outbox and begins to follow, poll and deliver. @throws OutboxUnusableError */
  start(): void;
  /** Ends polling and delivery; what was read is in the outbox when it resolves. */
  stop(): Promise<void>;
}

/** Builds a polling agent: assignment -> schedule -> monitors -> outbox -> delivery. */
export function createAgent(options: AgentOptions): Agent {
  const { log, token } = options;
  const now = () => Date.now();
  const monotonicMs = () => performance.now();

  const alarm = new SilenceAlarm({
    file: new AlarmFile(join(options.dataDir, 'alarm.json')),
    call: makeCall,
    monotonicMs,
    now,
    log,
  });
  const client = new BackendClient({
    server: options.server,
    token: () => token.reveal(),
    answered: () => alarm.heard(),
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

  const pinger = new Pinger();
  const monitors = new Map<number, { device: AssignedDevice; monitor: DeviceMonitor }>();
  const scheduler = new Scheduler({
    run: async (deviceId) => (await monitors.get(deviceId)?.monitor.round()) ?? false,
    monotonicMs,
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

  const createMonitor = (device: AssignedDevice) =>
    new DeviceMonitor(device, {
      createPoller: device.snmp === null ? null : () => options.createPoller(device),
      echo: (host, signal) => pinger.echo(host, signal),
      accepts: acceptsConnection,
      certificate: shownCertificate,
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
    gatherer.forget(deviceId);
    sender.forget(deviceId);
  };

  /** In place: devices that did not change go on without noticing. */
  const apply = (assignment: Assignment) => {
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
    traps?.setDevices([...wanted.values()]);
    alarm.setPlan(assignment.agent.name, assignment.silence ?? null);
    log.info({ agent: assignment.agent.name, devices: wanted.size, changes }, 'assignment taken up');
    options.assigned?.(assignment);
  };

  const prober = new Prober({
    run: (job, signal) => options.probe(job, (host, end) => pinger.echo(host, end), signal),
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
  const follower = new AssignmentFollower({
    client,
    file: new AssignmentFile(join(options.dataDir, 'assignment.json')),
    apply,
    probe: (jobs) => prober.take(jobs),
    pollNow: (jobs) => pollsNow.take(jobs),
    refused: () => {
      token.refresh();
    },
    now,
    log,
  });

  const witness = new GatewayWitness({
    gateway: defaultGateway,
    echo: (host, signal) => pinger.echo(host, signal),
    tell: (answers) => {
      const before = gateway;
      gateway = answers ? 1 : 0;
      if (gateway !== before) readOwn();
    },
    log,
  });
  /** Whether the gateway answers; null: not known. */
  let gateway: number | null = null;

  const readOwn = () => {
    try {
      const { waiting, oldestTime, dropped } = outbox.state();
      const time = now();
      const oldest = oldestTime === null ? 0 : Math.max(0, Math.round((time - oldestTime) / 1000));
      const values = {
        queue: waiting,
        oldest,
        dropped: dropped + gatherer.lost,
        ...(gateway === null ? {} : { gateway }),
      };
      gatherer.add([{ deviceId: 0, kind: 'agent', entity: '', time, values }]);
    } catch (error) {
      log.error({ err: error }, 'the outbox cannot be read');
    }
  };
  let ownTimer: NodeJS.Timeout | null = null;

  return {
    get trapPort() {
      return traps?.port ?? null;
    },
    start() {
      outbox.open();
      scheduler.start();
      delivery.start();
      alarm.start();
      witness.start();
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
      traps?.stop();
      const polls = scheduler.stop();
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
