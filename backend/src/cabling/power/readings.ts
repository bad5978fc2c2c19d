/** Newest values of one entity of a device, by the names of the metric catalogue. */
export interface EntityValues {
  readonly kind: string;
  readonly entity: string;
  readonly values: Readonly<Record<string, number>>;
}

/** What devices measure now. */
export interface Readings {
  /** null: the device is not monitored. Empty: it does not answer, or nothing has been heard of it for too long. */
  of(deviceId: number): readonly EntityValues[] | null;
}
