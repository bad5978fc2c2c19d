/** Devices that stand out in a drawing while one edits. */
export interface DeviceMarks {
  readonly selected: ReadonlySet<number>;
  /** In somebody's hand: drawn faintly where they still are. */
  readonly heldIds: ReadonlySet<number>;
  /** On their way by one's own hand: they are where they were put at once. */
  readonly movingIds: ReadonlySet<number>;
}
