import type { Findings } from '../result.ts';
import { members } from './members.ts';
import { pathIn, type RedfishSession, type Resource } from './session.ts';
import { health, isAbsent, number, part, parts, text } from './shapes.ts';

const mostDrives = 64;

/** A computer: what it is, and how processors, memory and drives are. @throws CheckFailure */
export async function readSystem(
  session: RedfishSession,
  system: Resource,
  findings: Findings,
): Promise<void> {
  const { identity } = findings;
  identity.vendor ??= text(system, 'Manufacturer');
  identity.model ??= text(system, 'Model');
  // Where SKU is what is on the label (a service tag), SerialNumber is that of the board.
  identity.serial ??= serialOf(system);
  identity.firmware ??= text(system, 'BiosVersion');
  identity.name ??= text(system, 'HostName');
  const name = text(system, 'Name', 'Id') ?? 'System';
  state(findings, name, health(system, 'HealthRollup') ?? health(system));
  const power = text(system, 'PowerState');
  if (power !== null) findings.note('PowerState', power);
  state(findings, 'Processors', summary(system, 'ProcessorSummary'));
  state(findings, 'Memory', summary(system, 'MemorySummary'));
  for (const storage of await members(session, pathIn(system.Storage), 16))
    await readStorage(session, storage, findings);
}

function serialOf(system: Resource): string | null {
  const sku = text(system, 'SKU');
  return sku !== null && /^[A-Z0-9]{7}$/.test(sku) ? sku : text(system, 'SerialNumber');
}

function summary(system: Resource, name: string) {
  const summed = part(system, name);
  return health(summed, 'HealthRollup') ?? health(summed);
}

async function readStorage(session: RedfishSession, storage: Resource, findings: Findings): Promise<void> {
  const name = text(storage, 'Name', 'Id') ?? 'Storage';
  for (const [index, controller] of parts(storage, 'StorageControllers').entries())
    state(
      findings,
      text(controller, 'Name', 'Model', 'MemberId') ?? `${name} ${index + 1}`,
      health(controller),
    );
  // A collection of its own since 1.9 of the schema.
  for (const controller of await members(session, pathIn(storage.Controllers), 16))
    state(findings, text(controller, 'Name', 'Model', 'Id') ?? name, health(controller));
  for (const link of parts(storage, 'Drives').slice(0, mostDrives)) {
    const path = pathIn(link);
    const drive = Object.keys(link).length > 1 ? link : path === null ? null : await session.get(path);
    if (drive === null || isAbsent(drive)) continue;
    const label = text(drive, 'Name', 'Id') ?? 'Drive';
    const said = health(drive);
    // A drive that foresees its failure is well by its own account for now.
    const failing = drive.FailurePredicted === true && said?.state === 'ok';
    state(findings, label, failing ? { state: 'warning', word: 'FailurePredicted' } : said);
    const left = number(drive, 'PredictedMediaLifeLeftPercent');
    if (left !== null) findings.add('sensor.share', `${label} life left`, left / 100);
  }
  for (const volume of await members(session, pathIn(storage.Volumes), 32))
    state(findings, `${name} ${text(volume, 'Name', 'Id') ?? 'Volume'}`, health(volume));
}

/** How a part is, as a sensor with the part's name. */
export function state(findings: Findings, name: string, said: { state: string; word: string } | null): void {
  if (said !== null) findings.state('sensor.state', name, said.state, said.word);
}
