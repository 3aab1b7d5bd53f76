import type { Definition } from './state-machine.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';

/** What runs the workflows: Step Functions in this process, or another engine that speaks its API. */
export interface Engine {
  /** One call of the Step Functions API. @throws AwsError */
  readonly call: (operation: string, request: Record<string, unknown>) => Promise<object>;
  /** The names of all states, of every machine. */
  readonly states: readonly string[];
  /** Every machine as the template has it. */
  readonly machines: () => { readonly name: string; readonly definition: Definition }[];
  /** The ARN of the machine whose workflow a token wakes; undefined if the token is no longer valid. */
  readonly machineOf: (token: string) => string | undefined;
  /** How many executions are at work, of an order or of all: those that wait for a token are not. */
  readonly running: (orderId?: string) => number;
  /** An order's executions in the order of their start, and what the waiting ones wait for. */
  readonly executionsOf: (orderId: string) => {
    readonly arn: string;
    readonly name: string;
    readonly status: ExecutionStatus;
    readonly state: string | undefined;
    readonly token: string | undefined;
  }[];
  /** State transitions so far, of all executions: what AWS bills. */
  readonly transitions: () => number;
  /** Takes up the executions of an earlier process. */
  readonly resume: () => void | Promise<void>;
  readonly close: () => void;
}

/** An order's first execution is named after it, those that follow are numbered. */
export const orderOf = ({ name }: { readonly name: string }): string => name.replace(/-\d+$/, '');
