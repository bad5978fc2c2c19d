/** What one line may hold. Far above what agents and Telegraf write, far below what would hurt. */
export const lineLimits = {
  lineBytes: 65_536,
  fields: 1024,
  tags: 64,
  /** A measurement, the name of a tag or field, the value of a tag; before escapes are taken out. */
  nameBytes: 1024,
} as const;
