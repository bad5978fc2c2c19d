import type { MetricId } from '@rackhaus/config/contract';
import type { Findings } from '../result.ts';
import { members } from './members.ts';
import { pathIn, type RedfishSession, type Resource } from './session.ts';
import { health, isAbsent, number, oldLimits, part, parts, sensorLimits, text } from './shapes.ts';
import { state } from './system.ts';

/** A housing: temperatures, fans, power supplies, voltages. Newer services have sensors and subsystems, older ones Thermal and Power. @throws CheckFailure */
export async function readChassis(
  session: RedfishSession,
  chassis: Resource,
  findings: Findings,
): Promise<void> {
  const type = text(chassis, 'ChassisType');
  // Backplanes and cards are chassis too in some services: what they have is said by the enclosure.
  if (type === 'Card' || type === 'Component' || type === 'Module' || isAbsent(chassis)) return;
  const { identity } = findings;
  identity.vendor ??= text(chassis, 'Manufacturer');
  identity.model ??= text(chassis, 'Model');
  identity.serial ??= text(chassis, 'SerialNumber');
  const thermal = await resourceAt(session, chassis, 'Thermal');
  const power = await resourceAt(session, chassis, 'Power');
  if (thermal !== null) readThermal(thermal, findings);
  if (power !== null) readPower(power, findings);
  const fans = thermal === null ? await resourceAt(session, chassis, 'ThermalSubsystem') : null;
  for (const fan of await members(session, pathIn(fans?.Fans), 32)) readFan(fan, findings);
  if (power === null) {
    const around = await resourceAt(session, chassis, 'EnvironmentMetrics');
    const watts = number(part(around, 'PowerWatts'), 'Reading');
    if (watts !== null) findings.add('device.power', '', watts);
  }
  const supplies = power === null ? await resourceAt(session, chassis, 'PowerSubsystem') : null;
  for (const supply of await members(session, pathIn(supplies?.PowerSupplies), 16))
    readSupply(supply, findings);
  const sensors = thermal === null || power === null ? pathIn(chassis.Sensors) : null;
  for (const sensor of await members(session, sensors, 150)) readSensor(sensor, findings);
  if (sensors === null && fans !== null) {
    const metrics = await resourceAt(session, fans, 'ThermalMetrics');
    for (const excerpt of parts(metrics, 'TemperatureReadingsCelsius')) readExcerpt(excerpt, findings);
  }
}

/** Of a service without sensors of their own: a sensor's name and value alone (DSP0268, SensorExcerpt). */
function readExcerpt(excerpt: Resource, findings: Findings): void {
  const place = text(excerpt, 'DataSourceUri')?.split('/').at(-1) ?? null;
  const name = text(excerpt, 'DeviceName') ?? place;
  const value = number(excerpt, 'Reading');
  if (name !== null && value !== null) findings.add('sensor.temperature', name, value);
}

async function resourceAt(session: RedfishSession, of: Resource, name: string): Promise<Resource | null> {
  const path = pathIn(of[name]);
  return path === null ? null : session.get(path);
}

function readThermal(thermal: Resource, findings: Findings): void {
  for (const each of parts(thermal, 'Temperatures')) {
    const name = text(each, 'Name', 'MemberId');
    const value = number(each, 'ReadingCelsius');
    // Zero is what services say of a sensor that is not read.
    if (name === null || isAbsent(each) || value === null || value === 0) continue;
    findings.add('sensor.temperature', name, value);
    findings.limits('sensor.temperature', name, oldLimits(each));
    state(findings, name, health(each));
  }
  for (const each of parts(thermal, 'Fans')) readFan(each, findings);
}

function readFan(fan: Resource, findings: Findings): void {
  // Before version 1.1 a fan had a FanName.
  const name = text(fan, 'Name', 'FanName', 'MemberId');
  if (name === null || isAbsent(fan)) return;
  const said = health(fan);
  if (said !== null) findings.state('fan.state', name, said.state, said.word);
  const percent = part(fan, 'SpeedPercent');
  const unit = text(fan, 'ReadingUnits');
  const value = number(fan, 'Reading', 'CurrentReading');
  const rpm = number(percent, 'SpeedRPM') ?? (unit === 'RPM' ? value : null);
  if (rpm !== null) {
    findings.add('fan.speed', name, rpm);
    if (unit === 'RPM') findings.limits('fan.speed', name, oldLimits(fan));
  }
  const share = number(percent, 'Reading') ?? (unit === 'Percent' ? value : null);
  if (share !== null) findings.add('sensor.share', name, share / 100);
}

function readPower(power: Resource, findings: Findings): void {
  const [control] = parts(power, 'PowerControl');
  const watts = number(control ?? null, 'PowerConsumedWatts');
  if (watts !== null) findings.add('device.power', '', watts);
  for (const each of parts(power, 'PowerSupplies')) readSupply(each, findings);
  for (const each of parts(power, 'Voltages')) {
    const name = text(each, 'Name', 'MemberId');
    const value = number(each, 'ReadingVolts');
    if (name === null || isAbsent(each) || value === null) continue;
    findings.add('sensor.voltage', name, value);
    findings.limits('sensor.voltage', name, oldLimits(each));
  }
}

function readSupply(supply: Resource, findings: Findings): void {
  const name = text(supply, 'Name', 'MemberId');
  if (name === null || isAbsent(supply)) return;
  const said = health(supply);
  if (said !== null) findings.state('supply.state', name, said.state, said.word);
  const input = number(supply, 'PowerInputWatts', 'LastPowerOutputWatts', 'PowerOutputWatts');
  if (input !== null) findings.add('sensor.power', name, input);
  const voltage = number(supply, 'LineInputVoltage');
  if (voltage !== null) findings.add('sensor.voltage', name, voltage);
}

/** Sensor.ReadingType to a metric, with the factor that brings the unit there (DSP0268). */
const readings: Readonly<Record<string, readonly [MetricId, number]>> = {
  Temperature: ['sensor.temperature', 1],
  Humidity: ['sensor.humidity', 0.01],
  Voltage: ['sensor.voltage', 1],
  Current: ['sensor.current', 1],
  Power: ['sensor.power', 1],
  EnergykWh: ['sensor.energy', 1000],
  Frequency: ['sensor.frequency', 1],
  Rotational: ['fan.speed', 1],
};

function readSensor(sensor: Resource, findings: Findings): void {
  const name = text(sensor, 'Name', 'Id');
  const value = number(sensor, 'Reading');
  const reading = readings[text(sensor, 'ReadingType') ?? ''];
  if (name === null || value === null || reading === undefined || isAbsent(sensor)) return;
  const [id, factor] = reading;
  findings.add(id, name, value * factor);
  const limits = sensorLimits(sensor);
  const scaled = (limit: number | null) => (limit === null ? null : limit * factor);
  findings.limits(id, name, {
    lowCritical: scaled(limits.lowCritical),
    lowWarning: scaled(limits.lowWarning),
    highWarning: scaled(limits.highWarning),
    highCritical: scaled(limits.highCritical),
  });
  const said = health(sensor);
  if (said === null) return;
  if (id === 'fan.speed') findings.state('fan.state', name, said.state, said.word);
  else state(findings, name, said);
}
