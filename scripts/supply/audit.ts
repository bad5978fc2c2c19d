import { z } from 'zod';

/** What `npm audit --json` prints: the report, or that the registry could not be asked. */
const Report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ severity: z.string(), range: z.string(), fixAvailable: z.unknown() }),
  ),
});
const Failure = z.object({ message: z.string() });

export type AuditResult =
  | { readonly kind: 'clean' }
  | { readonly kind: 'found'; readonly findings: readonly string[] }
  | { readonly kind: 'unanswered'; readonly why: string };

/** Reads the answer of `npm audit --json`. What is no report is never taken for a clean one. */
export function readAudit(output: string): AuditResult {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    return { kind: 'unanswered', why: 'npm audit printed no JSON.' };
  }
  const report = Report.safeParse(json);
  if (!report.success) {
    const failure = Failure.safeParse(json);
    return {
      kind: 'unanswered',
      why: failure.success ? failure.data.message : 'npm audit printed no report.',
    };
  }
  const findings = Object.entries(report.data.vulnerabilities).map(
    ([name, { severity, range }]) => `${name} ${range}: ${severity}`,
  );
  return findings.length === 0 ? { kind: 'clean' } : { kind: 'found', findings };
}
