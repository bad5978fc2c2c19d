/** The parts of an order's page, as they stand in its address. */
export const tabs = ['plan', 'racks', 'work'] as const;
export type Tab = (typeof tabs)[number];

/** What the address asks for; the plan from the start. */
export function tabOf(params: Pick<URLSearchParams, 'get'>): Tab {
  return tabs.find((tab) => tab === params.get('tab')) ?? 'plan';
}
