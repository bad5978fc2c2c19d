// Words for cables, without schemas: what only draws a cable need not load how records are checked.

/** `provider`: a line that somebody else owns; it may end outside of what is documented here. */
export const linkKinds = ['permanent', 'patch', 'power', 'console', 'provider'] as const;
/**
 * `installed`: as documented. `reserved`: in its place and not to be used for something else. `spare`: a cord that lies in a
 * cupboard. `found`: somebody saw it and nobody knows what it is for. What is planned is not here but in an order.
 */
export const linkStatuses = ['installed', 'reserved', 'spare', 'found'] as const;
/** Categories of EN 50173-1 and ISO/IEC 11801-1, assemblies, and power cords by their couplers (IEC 60320). */
export const linkMedia = [
  'cat5e',
  'cat6',
  'cat6a',
  'cat7',
  'cat7a',
  'cat8',
  'om1',
  'om2',
  'om3',
  'om4',
  'om5',
  'os1',
  'os2',
  'telephone',
  'coax',
  'dac',
  'aoc',
  'usb',
  'serial',
  'c13-c14',
  'c19-c20',
  'schuko-c13',
  'schuko-c19',
  'schuko',
  'cee',
  'fixed-mains',
] as const;
/** Of MPO assemblies and duplex cords (TIA-568.3): which fibre ends up where. */
export const polarities = ['A', 'B', 'C', 'A-to-A', 'A-to-B'] as const;
