/** What has just happened, for the line above a table. */
export interface Said {
  readonly text: string;
  readonly failed?: boolean;
  readonly undo?: () => void;
}
