import { TestEnvironment } from 'jest-environment-node';

interface TestEvent {
  readonly name: string;
  readonly test?: { readonly errors: readonly unknown[] };
}

/** Jest's own, and in `lastTestFailed` what jest tells no hook: whether the test before has failed. */
export default class FailureEnvironment extends TestEnvironment {
  handleTestEvent({ name, test }: TestEvent): void {
    if (name === 'test_done') this.global.lastTestFailed = test !== undefined && test.errors.length > 0;
  }
}
