import type { Capture } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import type { Known } from './match.ts';
import type { CapturedEnd, Task } from './queue.ts';
import { readScan } from './scan.ts';
import { uuid } from './uuid.ts';
import { shortPort } from './words.ts';

type CaptureTask = Extract<Task, { kind: 'capture' }>;

/** An end by what was scanned or typed. null: nothing, or a code that is no port's. Typed words become a port when there is a network. */
export function endOf(text: string, known: Known): CapturedEnd | null {
  const scan = readScan(text);
  if (scan === null || scan.kind === 'foreign') return null;
  if (scan.kind === 'text') return { text: scan.text, portId: null, side: 'front' };
  if (scan.what !== 'port') return null;
  const port = known.ports.get(scan.id);
  return { text: port === undefined ? scan.text : shortPort(port), portId: scan.id, side: 'front' };
}

/** What was captured, with a key of its own. Installed cables end behind a jack, all others in front. */
export function captureTask(
  at: number,
  of: Pick<Capture, 'what' | 'kind' | 'label' | 'lengthM' | 'color'> & {
    a: CapturedEnd;
    b: CapturedEnd | null;
  },
): CaptureTask {
  const { what, kind, label, lengthM, color } = of;
  const side = kind === 'permanent' ? 'rear' : 'front';
  return {
    kind: 'capture',
    a: { ...of.a, side },
    b: of.b === null ? null : { ...of.b, side },
    capture: { key: uuid(), at, what, kind, label, lengthM, color, replace: false },
  };
}

/** "A:12 ↔ core-1:3 verbunden". */
export function captureTitle(task: CaptureTask): string {
  const { a, b, capture } = task;
  if (capture.what === 'disconnected') return m.work_capture_title_disconnected({ a: a.text });
  return m.work_capture_title_connected({ a: a.text, b: b?.text ?? m.work_capture_open_end() });
}
