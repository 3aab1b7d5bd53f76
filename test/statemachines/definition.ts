import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string | null;
  readonly Next: string;
}

/** The one kind of rule in use: whether an error has been noted. */
export interface Choice {
  readonly Variable: string;
  readonly IsPresent: boolean;
  readonly Next: string;
}

export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly Choice[];
  readonly Default?: string;
  readonly Result?: unknown;
  readonly ResultPath?: string | null;
  readonly Next?: string;
}

/** As much of a state machine's definition as the tests look at. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const file = join(import.meta.dirname, '../../statemachines/order-fulfillment.asl.json');

/** The saga, placeholders and all. */
export const orderFulfillment: Definition = JSON.parse(readFileSync(file, 'utf8'));

export const PUT_EVENTS = 'arn:aws:states:::events:putEvents';
export const WAIT_FOR_TOKEN = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

/** The names within `${...}`, once each. */
export const placeholdersIn = (value: unknown): string[] => [
  ...new Set(Array.from(JSON.stringify(value).matchAll(/\$\{(\w+)\}/g), ([, name]) => name as string)),
];
