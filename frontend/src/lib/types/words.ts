import type { DeviceTypeView, TypeDetail, TypeNote, TypePreview } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

/** How a type is mounted. */
export function formWord(form: DeviceTypeView['form']): string {
  switch (form) {
    case 'full':
      return m.types_form_full();
    case 'half':
      return m.types_form_half();
    case 'vertical':
      return m.types_form_vertical();
    case 'none':
      return m.types_form_none();
  }
}

/** "2 HE", or how it is mounted when it takes no rack unit. */
export function heightWords(view: Pick<DeviceTypeView, 'form' | 'uHeight'>): string {
  if (view.form === 'vertical' || view.form === 'none' || view.uHeight === 0) return formWord(view.form);
  const units = m.types_units({ units: quantities.number(view.uHeight, view.uHeight % 1 === 0 ? 0 : 1) });
  return view.form === 'half' ? `${units}, ${m.types_form_half()}` : units;
}

const airflowWords: Readonly<Record<string, () => string>> = {
  'front-to-rear': m.types_airflow_front_rear,
  'rear-to-front': m.types_airflow_rear_front,
  'left-to-right': m.types_airflow_left_right,
  'right-to-left': m.types_airflow_right_left,
  'side-to-rear': m.types_airflow_side_rear,
  'rear-to-side': m.types_airflow_rear_side,
  'bottom-to-top': m.types_airflow_bottom_top,
  'top-to-bottom': m.types_airflow_top_bottom,
  passive: m.types_airflow_passive,
  mixed: m.types_airflow_mixed,
};
export function airflowWord(airflow: unknown): string | null {
  return typeof airflow === 'string' ? (airflowWords[airflow]?.() ?? airflow) : null;
}

/** What of a file is not taken over as it stands, in a sentence. */
export function noteWords(note: TypeNote): string {
  switch (note.kind) {
    case 'module-bays':
      return m.types_note_module_bays({ count: note.count });
    case 'device-bays':
      return m.types_note_device_bays({ count: note.count });
    case 'module-ports':
      return m.types_note_module_ports({ count: note.count });
    case 'no-plug':
      return m.types_note_no_plug({ count: note.count });
    case 'renamed':
      return m.types_note_renamed({ count: note.count, from: note.from, to: note.to });
    case 'blocks':
      return m.types_note_blocks({ rear: note.rear, size: note.size });
  }
}

export function previewWord(state: TypePreview['state']): string {
  switch (state) {
    case 'new':
      return m.types_state_new();
    case 'changed':
      return m.types_state_changed();
    case 'same':
      return m.types_state_same();
    case 'blocked':
      return m.types_state_blocked();
  }
}

/** What else is to be said of a port: management, jack, lanes, where it leads inside. */
export function portExtras(port: TypeDetail['ports'][number]): string {
  const parts: string[] = [];
  if (port.management && port.kind === 'network') parts.push(m.types_port_management());
  if (port.twoSided) parts.push(m.types_port_jack());
  if (port.lanes > 1) parts.push(m.types_port_lanes({ count: port.lanes }));
  if (port.inner !== null) parts.push(m.types_port_inner({ rear: port.inner.rear, lane: port.inner.lane }));
  return parts.join(', ');
}

const problemPatterns: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^unknown key "(.*)"$/, ([, key = '']) => m.types_problem_unknown_key({ key })],
  [/received undefined$/, () => m.types_problem_missing()],
  [
    /^Invalid input: expected (\w+), received (\w+)$/,
    ([, expected = '']) => m.types_problem_expected({ expected: kindWord(expected) }),
  ],
  [/^"(.*)" is the name of another port$/, ([, name = '']) => m.types_problem_same_name({ name })],
  [/^"(.*)" is not one of (front|rear)-ports$/, ([, name = '']) => m.types_problem_no_such_port({ name })],
  [/^"(.*)" is used by (.*), too$/, ([, slug = '', file = '']) => m.types_problem_slug_twice({ slug, file })],
  [/^is larger than 1 MB$/, () => m.types_problem_large()],
  [/^is not text in UTF-8$/, () => m.types_problem_not_text()],
  [
    /^front port "(.*)" leads to several rear ports/,
    ([, name = '']) => m.types_problem_several_rear({ name }),
  ],
  [
    /^front port "(.*)" takes positions? (.*) of "(.*)";/,
    ([, name = '', positions = '', rear = '']) => m.types_problem_blocks({ name, positions, rear }),
  ],
  [
    /^Invalid option: expected one of (.*)$/,
    ([, options = '']) => m.types_problem_option({ options: options.replaceAll('|', ', ') }),
  ],
];

/** A complaint about a file in the reader's language; what has no translation stays as the server said it. */
export function problemWords(message: string): string {
  for (const [pattern, words] of problemPatterns) {
    const found = pattern.exec(message);
    if (found !== null) return words(found);
  }
  return message;
}

function kindWord(kind: string): string {
  const words: Readonly<Record<string, () => string>> = {
    string: m.types_kind_text,
    number: m.types_kind_number,
    int: m.types_kind_number,
    boolean: m.types_kind_flag,
    array: m.types_kind_list,
    object: m.types_kind_object,
  };
  return words[kind]?.() ?? kind;
}
