// The parts of npm `ping` that build the command line and read its output; the package has types for its entry only.
declare module 'ping/lib/builder/factory.js' {
  interface Builder {
    getCommandArguments(target: string, config: Record<string, unknown>): string[];
  }
  const factory: {
    getExecutablePath(platform: string, v6: boolean): string;
    createBuilder(platform: string): Builder;
  };
  export default factory;
}

declare module 'ping/lib/parser/factory.js' {
  interface Parser {
    eat(line: string): Parser;
    /** `time` is in ms; both are text when they are not known. */
    getResult(): { alive: boolean; time: number | string };
  }
  const factory: { createParser(target: string, platform: string, config: Record<string, unknown>): Parser };
  export default factory;
}
