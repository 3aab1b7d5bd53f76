import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { audienceOf } from '../../../api/audience.ts';
import { type StackProcess, startStackProcess } from '../../../local/stack-process.ts';
import { outputsOf } from '../../../ops/stage.ts';
import type { Deployment } from '../engines/engine.ts';
import { DIFFERENCES, type DifferenceName } from './differences.ts';
import type { Entered } from './entered.ts';
import { SCENARIOS } from './scenarios.ts';
import { PATIENCE_MS, watched } from './watched.ts';

const { stage, timeScale } = JSON.parse(process.env.E2E ?? '{}') as Deployment;

let own: StackProcess;
let ours: ReadonlyMap<string, Promise<readonly Entered[]>>;
let theirs: ReadonlyMap<string, Promise<readonly Entered[]>>;
beforeAll(async () => {
  own = await startStackProcess({ args: ['--time-scale', `${timeScale}`] });
  const output = await outputsOf(new CloudFormationClient(), stage);
  const at = (path: string) =>
    `${output(audienceOf(path) === 'operators' ? 'OperatorsApiUrl' : 'ApiUrl')}${path}`;
  [ours, theirs] = await Promise.all([
    watched(own.at, own.awsEndpoint).run(SCENARIOS),
    watched(at, process.env.AWS_ENDPOINT_URL ?? '').run(SCENARIOS),
  ]);
}, PATIENCE_MS);
afterAll(() => own?.end());

const pathOf = (entered: readonly Entered[]) =>
  entered.map(({ execution, state }) => `${execution} ${state}`);
const without = (entered: readonly Entered[], except: readonly DifferenceName[]) =>
  entered.map((one) => except.reduce((rest, name) => DIFFERENCES[name].without(rest), one));

describe('the definition takes the same path, by the same data, on another interpreter', () => {
  it.each(SCENARIOS)(
    '$what',
    async ({ what, except = [] }) => {
      const [here = [], there = []] = await Promise.all([ours.get(what), theirs.get(what)]);
      expect(pathOf(there)).toEqual(pathOf(here));
      expect(there.length).toBeGreaterThan(0);
      expect(without(there, except)).toEqual(without(here, except));
      // What is explained is there to be explained.
      for (const name of except) expect(without(there, [name])).not.toEqual(there);
    },
    PATIENCE_MS,
  );
});

const DOCS = join(import.meta.dirname, '../../../docs/engines.md');
const TABLE = /(?<=<!-- interpreters -->\n)[\s\S]*(?=<!-- \/interpreters -->)/;

/** A table of Markdown, of which the first row is the head. */
const tableOf = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
};

/** What the docs have to say: a cell says of a scenario what the test above has held it to. */
const table = async (): Promise<string> => {
  const rows = SCENARIOS.map(async ({ what, except = [] }) => {
    const entered = (await ours.get(what)) ?? [];
    const executions = new Set(entered.map(({ execution }) => execution)).size;
    const verdict = ['the same', ...except.map((name) => `but for ${name}`)].join(', ');
    return [what, `${entered.length}`, `${executions}`, `\`${entered.at(-1)?.state}\``, verdict];
  });
  const head = ['An order', 'States', 'Executions', 'Last state', 'On moto 5.2.5'];
  return `\n${tableOf([head, ...(await Promise.all(rows))])}\n\n`;
};

/** Of whoever brings an engine of their own the docs tell nothing. */
(process.env.E2E_TABLE ? describe : describe.skip)('docs/engines.md', () => {
  it(
    'tells what was seen; --write-table writes it',
    async () => {
      if (process.env.E2E_TABLE === 'write') {
        const seen = await table();
        writeFileSync(
          DOCS,
          readFileSync(DOCS, 'utf8').replace(TABLE, () => seen),
        );
      }
      expect(TABLE.exec(readFileSync(DOCS, 'utf8'))?.[0]).toBe(await table());
    },
    PATIENCE_MS,
  );
});
