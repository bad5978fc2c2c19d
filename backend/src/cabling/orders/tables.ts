/** Tables of orders that hold no records of the inventory. */
export interface OrderTables {
  /** What phones have reported, each once. `reply`: JSON of what a repeat is answered. */
  reports: { key: string; time: number; reply: string };
  /** At most one row. */
  order_settings: { id: number; approval: number };
}
