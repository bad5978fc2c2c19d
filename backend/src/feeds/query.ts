/**
 * Answers what clients of InfluxDB 1.x ask before they write: to make a database, which ones there are. There is one, and it takes
 * everything. Readings are not given out this way.
 */
export function answerQuery(q: string): unknown {
  const statements = q
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  if (statements.length === 0) return { error: 'missing required parameter "q"' };
  return {
    results: statements.map((statement, statement_id) => ({ statement_id, ...answer(statement) })),
  };
}

function answer(statement: string): object {
  if (/^(create|alter|drop)\s/i.test(statement)) return {};
  if (/^show\s+databases$/i.test(statement))
    return { series: [{ name: 'databases', columns: ['name'], values: [['rackhaus']] }] };
  if (/^show\s/i.test(statement)) return {};
  return { error: 'Rackhaus takes measurements in this way but does not give them out' };
}
