import { type Contract, SOURCE } from './contract.ts';

interface VersionPattern {
  readonly 'detail-type': string[];
  readonly detail: { readonly metadata: { readonly schemaVersion: number[] } };
}

/** An EventBridge pattern, as rules and templates take it. */
export type EventPattern = { readonly source: string[] } & (
  | VersionPattern
  | { readonly $or: VersionPattern[] }
);

/**
 * The pattern of just these events in just these versions: another major of theirs is not delivered.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export const patternOf = (...contracts: readonly [Contract, ...Contract[]]): EventPattern => {
  const inVersion = (version: number): VersionPattern => ({
    'detail-type': contracts.filter((each) => each.version === version).map(({ type }) => type),
    detail: { metadata: { schemaVersion: [version] } },
  });
  const versions = new Set(contracts.map(({ version }) => version));
  return versions.size === 1
    ? { source: [SOURCE], ...inVersion(contracts[0].version) }
    : { source: [SOURCE], $or: [...versions].map(inVersion) };
};
