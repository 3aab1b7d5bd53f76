// Stryker's jest runner has no bail, and loads every file that can reach a mutant: with the SDK in each of them, ten
// seconds for a mutant that the first file kills. This plugin asks it file by file, nearest first, and stops at a kill.
import { globSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import type { MutantCoverage, StrykerOptions } from '@stryker-mutator/api/core';
import {
  commonTokens,
  declareFactoryPlugin,
  type Injector,
  type PluginContext,
  PluginKind,
  tokens,
} from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
} from '@stryker-mutator/api/test-runner';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

/** What a test is called in Stryker's books: two files may have a test of the same name. */
const SEPARATOR = ' › ';
const idOf = (file: string, test: string) => `${file}${SEPARATOR}${test}`;

/** @param ids of tests @returns the names of the tests of each file */
const byFile = (ids: readonly string[]): ReadonlyMap<string, string[]> => {
  const files = new Map<string, string[]>();
  for (const id of ids) {
    const end = id.indexOf(SEPARATOR);
    const file = id.slice(0, end);
    files.set(file, [...(files.get(file) ?? []), id.slice(end + SEPARATOR.length)]);
  }
  return files;
};

/** How near a test file is to what it tests: by the name, then by the folder. */
const distance = (testFile: string, mutated: string): number =>
  [
    basename(testFile, '.test.ts') === basename(mutated, '.ts'),
    basename(dirname(testFile)) === basename(dirname(mutated)),
  ].filter((near) => !near).length;

/**
 * What a file's tests covered, under their ids. Jest loads a module anew for every file, so what is run when it is
 * loaded belongs to each test of that file, and no mutant needs the tests of all of them.
 */
const coverageOf = (file: string, tests: readonly TestResult[], covered: MutantCoverage | undefined) =>
  Object.fromEntries(
    tests.map(({ id }) => [idOf(file, id), { ...covered?.static, ...covered?.perTest[id] }] as const),
  );

/** @param runnerOf a runner of one file's tests */
export const fileByFile = (
  files: readonly string[],
  runnerOf: (file: string) => Promise<TestRunner>,
): TestRunner => ({
  capabilities: () => ({ reloadEnvironment: true }),

  async dryRun(options) {
    const tests: TestResult[] = [];
    const perTest: MutantCoverage['perTest'] = {};
    for (const file of files) {
      const runner = await runnerOf(file);
      const result = await runner.dryRun({ ...options, testFiles: [file] });
      if (result.status !== DryRunStatus.Complete) return result;
      Object.assign(perTest, coverageOf(file, result.tests, result.mutantCoverage));
      tests.push(...result.tests.map((test) => ({ ...test, id: idOf(file, test.id) })));
      // The runner goes on adding to the one that it has handed out.
      Object.assign(result.mutantCoverage ?? {}, { static: {}, perTest: {} });
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: {}, perTest } };
  },

  async mutantRun(options) {
    const mutated = options.activeMutant.fileName;
    const nearestFirst = [...byFile(options.testFilter ?? [])].sort(
      ([a], [b]) => distance(a, mutated) - distance(b, mutated),
    );
    let nrOfTests = 0;
    for (const [file, testFilter] of nearestFirst) {
      const runner = await runnerOf(file);
      const result = await runner.mutantRun({ ...options, testFilter });
      if (result.status === MutantRunStatus.Killed)
        return { ...result, killedBy: result.killedBy.map((id) => idOf(file, id)) };
      if (result.status !== MutantRunStatus.Survived) return result;
      nrOfTests += result.nrOfTests;
    }
    return { status: MutantRunStatus.Survived, nrOfTests };
  },
});

const [jestPlugin] = jestPlugins as [(typeof jestPlugins)[number]];

const jestFileByFile = (injector: Injector<PluginContext>): TestRunner => {
  const options = injector.resolve(commonTokens.options) as StrykerOptions & {
    readonly jest: { readonly config: { readonly testMatch: readonly string[] } };
  };
  const runners = new Map<string, Promise<TestRunner>>();
  const start = async (file: string) => {
    const { jest } = options;
    const ofOneFile = {
      ...options,
      jest: { ...jest, config: { ...jest.config, testMatch: [`<rootDir>/${file}`] } },
    };
    const runner = jestPlugin.factory(injector.provideValue(commonTokens.options, ofOneFile));
    await runner.init?.();
    return runner;
  };
  const files = globSync(options.jest.config.testMatch.map((glob) => relative('<rootDir>', glob)));
  return fileByFile(files.sort(), (file) => {
    const runner = runners.get(file) ?? start(file);
    runners.set(file, runner);
    return runner;
  });
};
jestFileByFile.inject = tokens(commonTokens.injector);

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'jest-file-by-file', jestFileByFile),
];
