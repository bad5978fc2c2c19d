import type { LabelKind, LabelMedium, LabelTemplate, LabelWarning } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

export function kindWord(kind: LabelKind): string {
  const words: Record<LabelKind, string> = {
    rack: m.labels_kind_rack(),
    device: m.labels_kind_device(),
    port: m.labels_kind_port(),
    link: m.labels_kind_link(),
    outlet: m.labels_kind_outlet(),
    room: m.labels_kind_room(),
  };
  return words[kind];
}

/** The template's name in the interface's language; its own where somebody made it. */
export function templateName(template: LabelTemplate): string {
  const words: Readonly<Record<string, () => string>> = {
    'rack-large': m.labels_template_rack_large,
    'rack-tape': m.labels_template_rack_tape,
    'device-plate': m.labels_template_device_plate,
    'device-tape': m.labels_template_device_tape,
    'device-small': m.labels_template_device_small,
    'port-tape': m.labels_template_port_tape,
    'port-small': m.labels_template_port_small,
    'link-flag': m.labels_template_link_flag,
    'link-tia': m.labels_template_link_tia,
    'link-wrap': m.labels_template_link_wrap,
    'link-number': m.labels_template_link_number,
    outlet: m.labels_template_outlet,
    'outlet-tape': m.labels_template_outlet_tape,
    room: m.labels_template_room,
  };
  return template.key === null ? template.name : (words[template.key]?.() ?? template.name);
}

/** "Avery Zweckform L4731 – 25,4 × 10 mm, 189 je Bogen", with what a flag or a wrap is. */
export function mediumName(medium: LabelMedium): string {
  const shape = { plain: '', flag: ` · ${m.labels_shape_flag()}`, wrap: ` · ${m.labels_shape_wrap()}` }[
    medium.shape
  ];
  if (medium.labelWidthMm === null) return `${medium.name}${shape}`;
  const size = `${quantities.number(medium.labelWidthMm, 1)} × ${quantities.number(medium.labelHeightMm, 1)} mm`;
  return `${medium.name} – ${size}${shape}`;
}

export function warningWords(warning: LabelWarning): string {
  const { detail, labels, count } = warning;
  const named = labels.join(', ');
  const label = count > labels.length ? m.labels_and_more({ named, count: count - labels.length }) : named;
  switch (warning.code) {
    case 'text-cut':
      return m.labels_warning_cut({ label, text: detail });
    case 'line-left-out':
      return m.labels_warning_left_out({ label, text: detail });
    case 'qr-small':
      return m.labels_warning_qr_small({ label, size: quantities.number(Number(detail), 2) });
    case 'qr-left-out':
      return m.labels_warning_qr_left_out({ label });
    case 'letter-unknown':
      return m.labels_warning_letter({ label, letters: detail });
  }
}
