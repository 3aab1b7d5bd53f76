import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { usageOf } from '../../ops/command.ts';
import { COMMANDS } from '../../ops/commands.ts';
import { run } from '../../ops/run.ts';
import { fakeApi, opsAgainst } from './fake-api.ts';

const none = { 'GET /ops/orders/parked': { body: { orders: [] } } };

describe('npm run ops', () => {
  it('prints JSON for programs', async () => {
    const { stdout } = await opsAgainst(none, 'parked', '--json');
    expect(JSON.parse(stdout ?? '')).toEqual({ orders: [] });
  });

  it('prints problems as JSON for programs too, and each bad field for people', async () => {
    const body = {
      type: 'urn:order-saga:problem:invalid-fields',
      status: 400,
      detail: 'some fields are not valid',
      errors: [{ field: 'resolutions.Foo', message: 'is not an undo' }],
    };
    const refusing = { 'POST /ops/orders/ord_1/resume': { status: 400, body } };
    const forPrograms = await opsAgainst(refusing, 'resume', 'ord_1', '--json');
    expect([forPrograms.exitCode, JSON.parse(forPrograms.stdout ?? '')]).toEqual([1, body]);
    await expect(opsAgainst(refusing, 'resume', 'ord_1')).resolves.toMatchObject({
      exitCode: 1,
      stderr: 'some fields are not valid\nresolutions.Foo: is not an undo',
    });
  });

  it.each([
    [[], 'which command?'],
    [['fly'], 'fly: no such command'],
    [['resume'], 'resume: which orderId?'],
    [['replay', '--to', '2026-11-22'], 'replay: --from <time> is missing'],
    [['resume', 'ord_1', 'ord_2'], 'ord_2: one thing too many'],
    [['parked', '--fast'], "Unknown option '--fast'"],
    [['parked', '--note', 'x'], "Unknown option '--note'"],
    [['parked', '--url', 'nowhere'], '"nowhere" is no address'],
    [['parked', '--url', 'http://a', '--stage', 'dev'], '--url or --stage, not both'],
  ])('%j is wrong usage: exit code 2, and the help', async (args, message) => {
    const { exitCode, stderr, stdout } = await run(args);
    expect([exitCode, stdout]).toEqual([2, undefined]);
    expect(stderr).toContain(message);
    expect(stderr).toContain('npm run ops -- <command>');
  });

  it('refused by the API is exit code 1', async () => {
    await expect(opsAgainst({}, 'show', 'ord_1')).resolves.toMatchObject({ exitCode: 1 });
  });

  it('failed at the API is exit code 3', async () => {
    const failing = {
      'GET /ops/orders/parked': { status: 500, body: { detail: 'something went wrong' } },
    };
    await expect(opsAgainst(failing, 'parked')).resolves.toMatchObject({
      exitCode: 3,
      stderr: 'something went wrong',
    });
  });

  it('where nobody answers is exit code 3', async () => {
    const api = await fakeApi({});
    await api.close();
    const { exitCode, stderr } = await run(['parked', '--url', api.url]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`nothing answers at ${api.url}`);
  });

  it('finds a deployed stage by its stack’s outputs', async () => {
    const api = await fakeApi(none);
    const stacks = mockClient(CloudFormationClient);
    const stack = {
      StackName: 'order-saga-staging',
      CreationTime: new Date(0),
      StackStatus: 'CREATE_COMPLETE' as const,
      Outputs: [{ OutputKey: 'OperatorsApiUrl', OutputValue: api.url }],
    };
    stacks.on(DescribeStacksCommand, { StackName: 'order-saga-staging' }).resolves({ Stacks: [stack] });
    try {
      await expect(run(['parked', '--stage', 'staging'])).resolves.toEqual({
        exitCode: 0,
        stdout: 'no order is parked',
      });
    } finally {
      stacks.restore();
      await api.close();
    }
  });
});

it.each(['constructor', '__proto__', 'toString'])('%s is no command', async (name) => {
  await expect(run([name])).resolves.toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`${name}: no such command`),
  });
});

describe('the help', () => {
  it('lists every command, the options of all, and the exit codes', async () => {
    const { exitCode, stdout = '' } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const [name, { summary }] of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.replace(/[()?]/g, '.')}$`, 'm'));
    expect(stdout).toMatch(/exit codes: 0 .*, 1 .*, 2 .*, 3 /);
  });

  it.each([...COMMANDS])(
    'on %s tells how it is used, with an example that is right',
    async (name, command) => {
      const { exitCode, stdout = '' } = await run([name, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`npm run ops -- ${name} ${usageOf(command)}`.trim());
      for (const example of command.examples) expect(example.split(' ')[0]).toBe(name);
    },
  );
});

it('docs/operating.md lists every command as it is written', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');
  const listed = [...docs.matchAll(/^\| `(([\w-]+).*?)` +\|/gm)]
    .filter(([, , name = '']) => COMMANDS.has(name))
    .map(([, line]) => line);
  expect(listed.sort()).toEqual(
    [...COMMANDS].map(([name, each]) => `${name} ${usageOf(each)}`.trim()).sort(),
  );
});
