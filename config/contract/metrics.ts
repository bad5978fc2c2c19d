/**
 * The metric catalogue: every value that Rackhaus knows, as data. A metric's id is `<kind>.<name>`; on the wire the
 * kind is the line-protocol measurement and the name is its field. All values are gauges in base units.
 */

/** What a reading is about. `device`, `ups` and `agent` have one entity with an empty name; a
 * `service` is one that is asked by itself, by its name or port. */
export const entityKinds = [
  'device',
  'port',
  'sensor',
  'ups',
  'line',
  'outlet',
  'storage',
  'processor',
  'memory',
  'supply',
  'fan',
  'service',
  'agent',
] as const;
export type EntityKind = (typeof entityKinds)[number];

export const units = [
  '',
  'bit/s',
  'byte',
  's',
  'ms-epoch',
  '°C',
  'ratio',
  'V',
  'A',
  'W',
  'VA',
  'Wh',
  'Hz',
  'rpm',
  '1/s',
  'dBm',
  'Pa',
  'm/s',
  'm',
] as const;
export type Unit = (typeof units)[number];

export interface Metric {
  readonly kind: EntityKind;
  readonly unit: Unit;
  /** Digits kept after the decimal point; may be negative. Values are rounded at the source. */
  readonly decimals: number;
  readonly meaning: string;
  /** For states: value to name. A state is stored as its number. */
  readonly states?: Readonly<Record<number, string>>;
  /** Values outside are not plausible and are dropped at the source. */
  readonly min?: number;
  readonly max?: number;
}

const gauge = (
  kind: EntityKind,
  unit: Unit,
  decimals: number,
  meaning: string,
  min?: number,
  max?: number,
): Metric => ({
  kind,
  unit,
  decimals,
  meaning,
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});

const state = (kind: EntityKind, meaning: string, states: Readonly<Record<number, string>>): Metric => ({
  kind,
  unit: '',
  decimals: 0,
  meaning,
  states,
});

/** What a vendor's own state enum is mapped to. */
const condition = { 0: 'ok', 1: 'warning', 2: 'critical', 3: 'unknown' } as const;

export const metrics = {
  /** pingOnly: it is there, and silent all the same when it is polled. */
  'device.reachable': state('device', 'Answers the polling protocol', { 0: 'no', 1: 'yes', 2: 'pingOnly' }),
  'device.uptime': gauge('device', 's', 0, 'Time since the device or its SNMP engine started', 0),
  'device.pollDuration': gauge('device', 's', 3, 'Time one complete poll took', 0),
  'device.pollRequests': gauge('device', '', 0, 'Requests that one poll sent, repeats included', 0),
  'device.pollTimeouts': gauge('device', '', 0, 'Requests of one poll that got no answer in time', 0),
  'device.pollRetries': gauge('device', '', 0, 'Requests of one poll that were sent again', 0),
  'device.pollValues': gauge('device', '', 0, 'Values that one poll read', 0),
  'device.ping': gauge('device', 's', 4, 'Round-trip time of ICMP echo', 0, 60),
  'device.pingLoss': gauge('device', 'ratio', 2, 'Share of ICMP echoes without an answer', 0, 1),
  'device.cpu': gauge('device', 'ratio', 3, 'Processor use, mean over all cores', 0, 1),
  'device.memory': gauge('device', 'ratio', 3, 'Memory in use', 0, 1),
  'device.load': gauge('device', '', 2, 'Load average over one minute (UCD-SNMP-MIB laLoad.1)', 0),
  'device.clockOffset': gauge(
    'device',
    's',
    1,
    "How far the device's clock is ahead; negative: behind",
    -1e10,
    1e10,
  ),
  'device.power': gauge('device', 'W', 0, 'Electrical power drawn or supplied in total', 0, 1e6),
  'device.poeBudget': gauge(
    'device',
    'W',
    0,
    'PoE power available (POWER-ETHERNET-MIB pethMainPsePower)',
    0,
    1e5,
  ),
  'device.poePower': gauge('device', 'W', 0, 'PoE power delivered (pethMainPseConsumptionPower)', 0, 1e5),
  'device.stpChanges': gauge(
    'device',
    '1/s',
    4,
    'Changes of the spanning tree (BRIDGE-MIB dot1dStpTopChanges)',
    0,
  ),
  'device.stpChangedAt': gauge(
    'device',
    'ms-epoch',
    -4,
    'When the spanning tree last changed (from dot1dStpTimeSinceTopologyChange)',
    0,
  ),

  'port.oper': state('port', 'Operational state (IF-MIB ifOperStatus)', {
    1: 'up',
    2: 'down',
    3: 'testing',
    4: 'unknown',
    5: 'dormant',
    6: 'notPresent',
    7: 'lowerLayerDown',
  }),
  'port.admin': state('port', 'Administrative state (IF-MIB ifAdminStatus)', {
    1: 'up',
    2: 'down',
    3: 'testing',
  }),
  'port.speed': gauge('port', 'bit/s', 0, 'Speed (IF-MIB ifHighSpeed, else ifSpeed)', 0),
  'port.duplex': state('port', 'Duplex (EtherLike-MIB dot3StatsDuplexStatus)', {
    1: 'unknown',
    2: 'half',
    3: 'full',
  }),
  'port.rx': gauge('port', 'bit/s', 0, 'Received, from ifHCInOctets or ifInOctets', 0),
  'port.tx': gauge('port', 'bit/s', 0, 'Sent, from ifHCOutOctets or ifOutOctets', 0),
  'port.rxErrors': gauge('port', '1/s', 2, 'Received packets with errors (ifInErrors)', 0),
  'port.txErrors': gauge(
    'port',
    '1/s',
    2,
    'Packets that could not be sent because of errors (ifOutErrors)',
    0,
  ),
  'port.rxDiscards': gauge('port', '1/s', 2, 'Received packets discarded (ifInDiscards)', 0),
  'port.txDiscards': gauge('port', '1/s', 2, 'Packets to send discarded (ifOutDiscards)', 0),
  'port.changedAt': gauge('port', 'ms-epoch', -4, 'When the port last changed state (from ifLastChange)', 0),
  'port.poePower': gauge('port', 'W', 1, 'PoE power delivered', 0, 200),
  'port.poe': state('port', 'PoE (POWER-ETHERNET-MIB pethPsePortDetectionStatus)', {
    1: 'disabled',
    2: 'searching',
    3: 'delivering',
    4: 'fault',
    5: 'test',
    6: 'otherFault',
  }),
  'port.stp': state('port', 'Spanning tree (BRIDGE-MIB dot1dStpPortState)', {
    1: 'disabled',
    2: 'blocking',
    3: 'listening',
    4: 'learning',
    5: 'forwarding',
    6: 'broken',
  }),

  'sensor.temperature': gauge('sensor', '°C', 1, 'Temperature', -60, 200),
  'sensor.humidity': gauge('sensor', 'ratio', 3, 'Relative humidity', 0, 1),
  'sensor.voltage': gauge('sensor', 'V', 3, 'Voltage', -1000, 1000),
  'sensor.current': gauge('sensor', 'A', 6, 'Current', -1000, 1000),
  'sensor.power': gauge('sensor', 'W', 3, 'Power', -1e6, 1e6),
  'sensor.frequency': gauge('sensor', 'Hz', 1, 'Frequency', 0),
  'sensor.fanSpeed': gauge('sensor', 'rpm', 0, 'Fan speed', 0, 100_000),
  'sensor.opticalPower': gauge('sensor', 'dBm', 2, 'Optical power', -60, 30),
  'sensor.airflow': gauge('sensor', 'm/s', 2, 'Air speed', 0),
  'sensor.distance': gauge('sensor', 'm', 0, 'Distance, such as to the other end of a radio link', 0, 1e6),
  'sensor.load': gauge('sensor', 'ratio', 3, 'Use of something that can be full', 0, 2),
  'sensor.count': gauge('sensor', '', 0, 'Number of something', -1e12, 1e15),
  'sensor.share': gauge('sensor', 'ratio', 4, 'Share of something', 0, 1),
  'sensor.energy': gauge('sensor', 'Wh', 0, 'Energy drawn or supplied since counting began', 0),
  'sensor.powerFactor': gauge('sensor', 'ratio', 3, 'Active power as a share of apparent power', -1, 1),
  'sensor.apparentPower': gauge('sensor', 'VA', 1, 'Apparent power', 0, 1e7),
  'sensor.delay': gauge('sensor', 's', 6, 'Delay', -1e6, 1e10),
  'sensor.signal': gauge('sensor', 'dBm', 1, 'Strength of a radio signal', -200, 100),
  'sensor.pressure': gauge('sensor', 'Pa', 1, 'Pressure', -1e7, 1e9),
  'sensor.bitRate': gauge('sensor', 'bit/s', 0, 'Bit rate, such as of a radio link', 0),
  'sensor.state': state('sensor', 'State as the device itself judges it', condition),
  'sensor.water': state('sensor', 'Leak sensor', { 0: 'dry', 1: 'wet' }),
  'sensor.door': state('sensor', 'Door', { 0: 'closed', 1: 'open' }),
  'sensor.contact': state(
    'sensor',
    'Position of a dry contact: what is connected decides which one is good',
    {
      0: 'closed',
      1: 'open',
    },
  ),
  'sensor.smoke': state('sensor', 'Smoke or motion detector', { 0: 'quiet', 1: 'alarm' }),

  'ups.source': state('ups', 'Where the output comes from (UPS-MIB upsOutputSource)', {
    1: 'other',
    2: 'none',
    3: 'normal',
    4: 'bypass',
    5: 'battery',
    6: 'booster',
    7: 'reducer',
  }),
  'ups.battery': state('ups', 'Battery (UPS-MIB upsBatteryStatus)', {
    1: 'unknown',
    2: 'normal',
    3: 'low',
    4: 'depleted',
  }),
  'ups.replaceBattery': state('ups', 'The UPS asks for a new battery', { 0: 'no', 1: 'yes' }),
  'ups.charge': gauge('ups', 'ratio', 3, 'Battery charge (upsEstimatedChargeRemaining)', 0, 1),
  'ups.runtime': gauge(
    'ups',
    's',
    0,
    'Time the battery holds at the present load (upsEstimatedMinutesRemaining)',
    0,
    864_000,
  ),
  'ups.onBattery': gauge('ups', 's', 0, 'Time on battery (upsSecondsOnBattery)', 0),
  'ups.batteryVoltage': gauge('ups', 'V', 1, 'Battery voltage (upsBatteryVoltage)', 0, 1000),
  'ups.batteryCurrent': gauge('ups', 'A', 1, 'Battery current (upsBatteryCurrent)', -1000, 1000),
  'ups.batteryTemperature': gauge('ups', '°C', 1, 'Battery temperature (upsBatteryTemperature)', -30, 120),
  'ups.load': gauge('ups', 'ratio', 3, 'Load of the most loaded output line (upsOutputPercentLoad)', 0, 2),
  'ups.alarms': gauge('ups', '', 0, 'Alarms present (upsAlarmsPresent)', 0, 1000),
  'ups.test': state('ups', 'Result of the last self test (UPS-MIB upsTestResultsSummary)', {
    1: 'passed',
    2: 'warning',
    3: 'failed',
    4: 'aborted',
    5: 'testing',
    6: 'untested',
  }),
  'ups.testedAt': gauge('ups', 'ms-epoch', -4, 'When the last self test began (upsTestStartTime)', 0),

  'line.voltage': gauge('line', 'V', 1, 'Voltage of one phase', 0, 600),
  'line.current': gauge('line', 'A', 2, 'Current of one phase', 0, 10_000),
  'line.power': gauge('line', 'W', 0, 'Active power of one phase', 0, 1e6),
  'line.frequency': gauge('line', 'Hz', 1, 'Frequency of one phase; 0: no voltage', 0, 80),
  'line.load': gauge('line', 'ratio', 3, 'Load of one phase', 0, 2),
  'line.apparentPower': gauge('line', 'VA', 0, 'Apparent power of one phase', 0, 1e6),
  'line.energy': gauge('line', 'Wh', 0, 'Energy of one phase since counting began', 0),
  'line.powerFactor': gauge('line', 'ratio', 3, 'Power factor of one phase', -1, 1),
  'line.state': state('line', 'State of one phase or bank', condition),

  'outlet.state': state('outlet', 'Switched state of a power outlet', { 0: 'off', 1: 'on' }),
  'outlet.current': gauge('outlet', 'A', 2, 'Current of one outlet', 0, 1000),
  'outlet.power': gauge('outlet', 'W', 0, 'Active power of one outlet', 0, 1e5),
  'outlet.energy': gauge('outlet', 'Wh', 0, 'Energy of one outlet since counting began', 0),
  'outlet.voltage': gauge('outlet', 'V', 1, 'Voltage of one outlet', 0, 600),

  'storage.used': gauge('storage', 'byte', -3, 'Bytes in use', 0),
  'storage.size': gauge('storage', 'byte', -3, 'Bytes in all', 0),
  'storage.fill': gauge('storage', 'ratio', 3, 'Share in use', 0, 1),
  'storage.state': state('storage', 'Disk, array or volume as the device itself judges it', condition),
  'storage.endurance': gauge(
    'storage',
    'ratio',
    2,
    'Writes that a flash disk has left, of its rated life',
    0,
    1,
  ),

  'processor.use': gauge('processor', 'ratio', 3, 'Use of one processor or core', 0, 1),
  'memory.used': gauge('memory', 'byte', -3, 'Bytes of one memory in use', 0),
  'memory.size': gauge('memory', 'byte', -3, 'Bytes of one memory in all', 0),
  'memory.fill': gauge('memory', 'ratio', 3, 'Share of one memory in use', 0, 1),

  'supply.state': state('supply', 'Power supply', condition),
  'fan.state': state('fan', 'Fan', condition),
  'fan.speed': gauge('fan', 'rpm', 0, 'Fan speed', 0, 100_000),

  'service.state': state('service', 'Whether it answers as it should', { 0: 'answers', 1: 'fails' }),
  'service.responseTime': gauge('service', 's', 3, 'Time until it answered', 0, 3600),
  'service.certificate': gauge(
    'service',
    's',
    -3,
    'Time until its certificate expires; negative: it has',
    -1e10,
    1e10,
  ),

  'agent.queue': gauge('agent', '', 0, 'Batches waiting in the outbox', 0),
  'agent.oldest': gauge('agent', 's', 0, 'Age of the oldest waiting batch', 0),
  'agent.dropped': gauge('agent', '', 0, 'Batches dropped since the outbox was made', 0),
  'agent.setAside': gauge('agent', '', 0, 'Damaged outbox files set aside', 0),
  'agent.clockOffset': gauge(
    'agent',
    's',
    3,
    "How far the agent's clock is ahead of the server's; negative: behind",
    -1e10,
    1e10,
  ),
  'agent.devices': gauge('agent', '', 0, 'Devices that it polls', 0),
  'agent.late': gauge('agent', '', 0, 'Polls of the last minute that began over a second late', 0),
  'agent.cpu': gauge('agent', 'ratio', 3, 'Use of one processor core by the agent', 0),
  'agent.memory': gauge('agent', 'byte', -3, 'Resident memory of the agent', 0),
  'agent.gateway': state('agent', 'Has a network: its gateway answers, or else one of its devices', {
    0: 'no',
    1: 'yes',
  }),
  'agent.ping': state('agent', 'May send pings', { 0: 'no', 1: 'yes' }),
} as const satisfies Record<string, Metric>;

export type MetricId = keyof typeof metrics;
export const metricIds = Object.keys(metrics).filter(isMetricId);

export function isMetricId(id: string): id is MetricId {
  return Object.hasOwn(metrics, id);
}

/** The catalogue's entry for an id. */
export function metric(id: MetricId): Metric {
  return metrics[id];
}

/** Rounds to the metric's decimals; undefined when not finite, outside its plausible range, or not one of its states. */
export function plausible(id: MetricId, value: number): number | undefined {
  return plausibleValues(id)(value);
}

/** {@link plausible} for one metric; for who has many values of it. */
export function plausibleValues(id: MetricId): (value: number) => number | undefined {
  return tests.get(id) ?? (() => undefined);
}

const tests: ReadonlyMap<MetricId, (value: number) => number | undefined> = new Map(
  metricIds.map((id) => [id, compilePlausible(metric(id))]),
);

function compilePlausible(entry: Metric): (value: number) => number | undefined {
  const { decimals, states, min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = entry;
  const factor = 10 ** decimals;
  const unit = 10 ** -decimals;
  const known = states && new Set(Object.keys(states).map(Number));
  return (value) => {
    if (!Number.isFinite(value)) return undefined;
    const rounded =
      decimals === 0
        ? Math.round(value)
        : decimals < 0
          ? Math.round(value * factor) * unit
          : Math.round(value * factor) / factor;
    if (rounded < min || rounded > max || (known && !known.has(rounded))) return undefined;
    // No negative zero: it would print and compare differently.
    return rounded + 0;
  };
}
