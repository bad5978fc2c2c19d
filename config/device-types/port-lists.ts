/** The lists of ports of a type. Names are unique within each. */
export const portLists = [
  'interfaces',
  'front-ports',
  'rear-ports',
  'power-outlets',
  'console-server-ports',
  'console-ports',
  'power-ports',
] as const;
