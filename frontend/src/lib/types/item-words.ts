import { m } from '../paraglide/messages.js';
import type { Edited, ItemFault, ItemList, ItemRef } from './face-model.ts';

/** What kind of thing it is. */
export function listWord(list: ItemList | 'name'): string {
  switch (list) {
    case 'groups':
      return m.types_item_group();
    case 'bays':
      return m.types_item_bays();
    case 'displays':
      return m.types_item_display();
    case 'vents':
      return m.types_item_vent();
    case 'blanks':
      return m.types_item_blank();
    case 'labels':
      return m.types_item_label();
    case 'name':
      return m.types_item_name();
  }
}

/** "Ports 1/1/1-1/1/24", "Anzeige 2", "Name". */
export function itemWords(edited: Edited, ref: ItemRef): string {
  const face = edited[ref.side];
  if (ref.list === 'groups') {
    const ports = face.groups[ref.index]?.ports.trim() ?? '';
    return `${listWord('groups')} ${ports === '' ? m.types_item_no_ports() : ports}`;
  }
  if (ref.list === 'labels') return `${listWord('labels')} "${face.labels[ref.index]?.text ?? ''}"`;
  if (ref.list === 'name') return listWord('name');
  return face[ref.list].length === 1 ? listWord(ref.list) : `${listWord(ref.list)} ${ref.index + 1}`;
}

export function faultWord(fault: ItemFault): string {
  switch (fault) {
    case 'overlap':
      return m.types_fault_overlap();
    case 'outside':
      return m.types_fault_outside();
    case 'unknown-port':
      return m.types_fault_unknown_port();
    case 'twice':
      return m.types_fault_twice();
    case 'empty':
      return m.types_fault_empty();
  }
}
