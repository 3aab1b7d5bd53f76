import { describe, expect, it } from '@jest/globals';
import type { MutantCoverage } from '@stryker-mutator/api/core';
import {
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { fileByFile } from '../../scripts/jest-file-by-file.ts';

const CHARGE = 'test/lambdas/payment/charge-payment.test.ts';
const LEDGER = 'test/lambdas/runtime/ledger.test.ts';
const TASK = 'test/lambdas/runtime/task.test.ts';

const survived: MutantRunResult = { status: MutantRunStatus.Survived, nrOfTests: 1 };
const killed: MutantRunResult = {
  status: MutantRunStatus.Killed,
  killedBy: ['works'],
  failureMessage: 'expected 1',
  nrOfTests: 1,
};

describe('a mutant', () => {
  /** @returns what is said of a mutant in `lambdas/runtime/ledger.ts` that a test of each file covers, and who was asked */
  const run = async (results: Record<string, MutantRunResult>) => {
    const asked: unknown[] = [];
    const runner = fileByFile(Object.keys(results), async (file) => ({
      capabilities: () => ({ reloadEnvironment: true }),
      dryRun: () => Promise.reject(new Error('not asked for')),
      mutantRun: async ({ testFilter }) => {
        asked.push([file, testFilter]);
        return results[file] ?? survived;
      },
    }));
    const result = await runner.mutantRun({
      activeMutant: { fileName: 'lambdas/runtime/ledger.ts' },
      testFilter: Object.keys(results).map((file) => `${file} › works`),
    } as MutantRunOptions);
    return { asked, result };
  };

  it('is shown to the nearest file first, and to no other once it is noticed', async () => {
    const { asked, result } = await run({ [CHARGE]: killed, [TASK]: killed, [LEDGER]: killed });
    expect(asked).toEqual([[LEDGER, ['works']]]);
    expect(result).toEqual({ ...killed, killedBy: [`${LEDGER} › works`] });
  });

  it('has survived where no file notices it', async () => {
    const { asked, result } = await run({ [CHARGE]: survived, [TASK]: survived, [LEDGER]: survived });
    expect(asked).toEqual([LEDGER, TASK, CHARGE].map((file) => [file, ['works']]));
    expect(result).toEqual({ status: MutantRunStatus.Survived, nrOfTests: 3 });
  });

  it('is done with where it never ends', async () => {
    const { asked, result } = await run({ [LEDGER]: { status: MutantRunStatus.Timeout }, [TASK]: killed });
    expect(asked).toHaveLength(1);
    expect(result).toEqual({ status: MutantRunStatus.Timeout });
  });
});

it('what is run when a module is loaded belongs to each test of the file that loads it', async () => {
  // One record for all, as Stryker keeps it.
  const mutantCoverage: MutantCoverage = { static: {}, perTest: {} };
  const covered: Record<string, MutantCoverage> = {
    [LEDGER]: { static: { 1: 1 }, perTest: { works: { 2: 3 } } },
    [TASK]: { static: { 4: 1 }, perTest: {} },
  };
  const runner = fileByFile([LEDGER, TASK], async (file) => ({
    capabilities: () => ({ reloadEnvironment: true }),
    dryRun: async () => {
      Object.assign(mutantCoverage.static, covered[file]?.static);
      Object.assign(mutantCoverage.perTest, covered[file]?.perTest);
      const tests = [{ id: 'works', name: 'works', timeSpentMs: 1, status: TestStatus.Success as const }];
      return { status: DryRunStatus.Complete, tests, mutantCoverage };
    },
    mutantRun: () => Promise.reject(new Error('not asked for')),
  }));
  expect(await runner.dryRun({ timeout: 1, disableBail: false, coverageAnalysis: 'perTest' })).toEqual({
    status: DryRunStatus.Complete,
    tests: [LEDGER, TASK].map((file) => expect.objectContaining({ id: `${file} › works`, name: 'works' })),
    mutantCoverage: {
      static: {},
      perTest: { [`${LEDGER} › works`]: { 1: 1, 2: 3 }, [`${TASK} › works`]: { 4: 1 } },
    },
  });
});
