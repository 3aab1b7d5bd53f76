import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { doing, done, many } from '../../scripts/step-files/words.ts';
import { type Todo, todosIn } from '../../scripts/todos.ts';
import { type Copy, copyOfRepository } from './copy.ts';

let copy: Copy;
beforeAll(() => {
  copy = copyOfRepository();
});
afterAll(() => copy.remove());

const newStep = (name: string, after: string, undo: string, refuses: string) =>
  copy.script('scripts/new-step.ts', name, '--after', after, '--undo', undo, '--refuses', refuses);

describe('npm run new:step refuses', () => {
  it.each([
    ['no arguments', [], 'npm run new:step -- <name> --after <step>'],
    ['an unknown option', ['redeem-voucher', '--before', 'CreateShipment'], "Unknown option '--before'"],
  ])('%s, and says how it is used', async (_, args, message) => {
    const { code, stderr } = await copy.script('scripts/new-step.ts', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it.each<[what: string, asked: Parameters<typeof newStep>, messages: readonly string[]]>([
    [
      'names of another form, each at once',
      ['RedeemVoucher', 'ship-parcel', 'restore', 'voucherUsed'],
      [
        'name: "RedeemVoucher" is not kebab case',
        '--undo: "restore" is not kebab case',
        '--after: "ShipParcel" is no step; there are ChargePayment, ReserveInventory',
        '--refuses: "voucherUsed" is not named like an error',
      ],
    ],
    [
      'an undo of something else',
      ['redeem-voucher', 'charge-payment', 'restore-coupon', 'VoucherUsedError'],
      ['--undo: "restore-coupon" is not redeem-voucher with another verb'],
    ],
    [
      'an undo by the same name',
      ['redeem-voucher', 'charge-payment', 'redeem-voucher', 'VoucherUsedError'],
      ['--undo: "redeem-voucher" is not redeem-voucher with another verb'],
    ],
    [
      'a step that there is',
      ['create-shipment', 'charge-payment', 'cancel-shipment', 'AddressUndeliverableError'],
      [
        'name: there is lambdas/shipment/create-shipment.ts already',
        'name: there is lambdas/shipment/cancel-shipment.ts already',
        'name: there is lambdas/shipment already',
        '--refuses: lambdas/shipment/errors.ts has an error of that name',
      ],
    ],
    [
      'the error by which the outside does not answer',
      ['redeem-voucher', 'charge-payment', 'restore-voucher', 'VoucherUnavailableError'],
      ['--refuses: VoucherUnavailableError is what is raised where the outside does not answer'],
    ],
    [
      'a name that would be none in the code',
      ['wrap-package', 'charge-payment', 'unwrap-package', 'NotWrappableError'],
      ['"package" is a word of JavaScript'],
    ],
    [
      'a verb by which states of the ledger would have one name',
      ['hold-deposit', 'charge-payment', 'void-deposit', 'NoDepositError'],
      ['name: a ledger says VOIDED of something else'],
    ],
    [
      'a name that has another meaning',
      ['plan-budget', 'charge-payment', 'drop-budget', 'NoBudgetError'],
      ['name: "budget" has another meaning in the stack, or in proof/model/order.ts'],
    ],
    [
      'a place behind the last step',
      ['redeem-voucher', 'create-shipment', 'restore-voucher', 'VoucherUsedError'],
      ['--after: CreateShipment is the last step'],
    ],
  ])('%s, and writes nothing', async (_, asked, messages) => {
    const before = copy.texts();
    const { code, stderr } = await newStep(...asked);
    expect(code).toBe(1);
    for (const message of messages) expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(messages.length);
    expect(copy.texts()).toEqual(before);
  });
});

it.each([
  ['redeem', 'redeeming', 'redeemed'],
  ['reserve', 'reserving', 'reserved'],
  ['free', 'freeing', 'freed'],
  ['wrap', 'wrapping', 'wrapped'],
  ['cancel', 'cancelling', 'cancelled'],
  ['carry', 'carrying', 'carried'],
  ['book', 'booking', 'booked'],
  ['send', 'sending', 'sent'],
])('%s: %s, %s', (verb, present, past) => {
  expect([doing(verb), done(verb)]).toEqual([present, past]);
});

it.each([
  ['voucher', 'vouchers'],
  ['gift-box', 'gift-boxes'],
  ['points', 'points'],
  ['loyalty', 'loyalties'],
  ['bonus', 'bonuses'],
])('%s: %s', (thing, things) => {
  expect(many(thing)).toBe(things);
});

describe('npm run new:step', () => {
  let said = '';
  let left: Todo[];

  beforeAll(async () => {
    said = (await newStep('redeem-voucher', 'reserve-inventory', 'restore-voucher', 'VoucherUsedError'))
      .stdout;
    left = todosIn(copy.directory);
    // A second one finds its place beside the first, and its name has two words.
    await newStep('hold-gift-card', 'ChargePayment', 'free-gift-card', 'GiftCardLockedError');
  });

  it('says what only a person can choose, the words of the shop first', () => {
    expect(left.length).toBeGreaterThan(0);
    const told = left.map(({ file, line, text }) => `- ${file}:${line}: ${text}`);
    const lines = said.split('\n').filter((line) => line.startsWith('- '));
    expect(lines.toSorted()).toEqual(told.toSorted());
    expect(lines[0]).toMatch(/^- saga\/steps\.ts:/);
  });

  it('leaves nothing to the formatter, the linter, the compiler and those who publish the API', async () => {
    const [lint, types, contracts] = await Promise.all([
      copy.run('node_modules/.bin/biome', 'ci', '--error-on-warnings', '--vcs-enabled=false', '.'),
      copy.run('node_modules/.bin/tsc'),
      copy.script('contracts/main.ts', '--check'),
    ]);
    expect([types.stdout, contracts.stderr]).toEqual(['', '']);
    expect([lint.code, types.code, contracts.code]).toEqual([0, 0, 0]);
  });

  it('makes a definition that undoes what may have been done, and functions whose tests pass: what is left fails alone', async () => {
    const results = await copy.test(
      'test/statemachines',
      'test/lambdas/voucher',
      'test/lambdas/gift-card',
      'test/lambdas/orders/story/failure',
      'test/lambdas/errors',
      'test/console',
      'test/todos',
    );
    const failed = results.filter(({ status }) => status !== 'passed');
    expect(failed.map(({ name }) => basename(name))).toEqual(['todos.test.ts']);
    for (const { file, step, text } of todosIn(copy.directory)) {
      expect(failed[0]?.message).toContain(file);
      expect(failed[0]?.message).toContain(`TODO(${step}): ${text}`);
    }
  });
});
