import { describe, expect, it } from '@jest/globals';
import { opsAgainst } from './fake-api.ts';
import { order, told } from './orders-of-the-tests.ts';

describe('orders', () => {
  it('lists them, newest first, with what failed', async () => {
    const failure = { error: 'OutOfStockError', message: 'Not everything that was ordered is in stock.' };
    const orders = [
      order({ orderId: 'ord_2', status: 'CANCELLED', placedAt: '2026-01-15T11:59:58.000Z', failure }),
      order(),
    ];
    const { exitCode, stdout, asked } = await opsAgainst(
      { 'GET /ops/orders': { body: { orders } } },
      'orders',
    );
    expect([exitCode, stdout]).toEqual([
      0,
      `ORDER  STATUS     TOTAL      PLACED AGO  BECAUSE OF
ord_2  CANCELLED  EUR 25.00  2.0 s       OutOfStockError
ord_1  CONFIRMED  EUR 25.00  1 h 30 min`,
    ]);
    expect(asked).toEqual([['GET /ops/orders?limit=20']]);
  });

  it('follows pages, empty ones too, until it has as many as it wants', async () => {
    const page = (ids: string[], next?: string) => ({
      body: { orders: ids.map((orderId) => order({ orderId })), next },
    });
    const pages = [page(['ord_1'], 'a'), page([], 'b'), page(['ord_2'], 'c'), page(['ord_3'])];
    const { stdout, asked } = await opsAgainst(
      { 'GET /ops/orders': pages },
      'orders',
      '--status',
      'cancelled',
      '--limit',
      '2',
    );
    expect(stdout).toContain('(there may be more)');
    expect(asked).toEqual([
      ['GET /ops/orders?limit=2&status=CANCELLED'],
      ['GET /ops/orders?limit=1&status=CANCELLED&cursor=a'],
      ['GET /ops/orders?limit=1&status=CANCELLED&cursor=b'],
    ]);
  });

  it('goes on until it has as many as it wants, whatever their number', async () => {
    const page = { body: { orders: Array(100).fill(order()), next: 'more' } };
    const { stdout, asked } = await opsAgainst({ 'GET /ops/orders': page }, 'orders', '--limit', '2500');
    expect(asked).toHaveLength(25);
    expect(stdout?.match(/^ord_1 /gm)).toHaveLength(2_500);
  });

  it('asks for a customer’s', async () => {
    const page = { body: { orders: [order()] } };
    const { asked } = await opsAgainst({ 'GET /ops/orders': page }, 'orders', '--customer', 'customer-1');
    expect(asked).toEqual([['GET /ops/orders?limit=20&customer=customer-1']]);
  });

  it.each([
    [['--status', 'lost'], '--status is one of PENDING, CONFIRMED, CANCELLED, NEEDS_ATTENTION'],
    [['--limit', '0'], '--limit is a whole number'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr, asked } = await opsAgainst({}, 'orders', ...args);
    expect([exitCode, asked]).toEqual([2, []]);
    expect(stderr).toContain(message);
  });
});

describe('show', () => {
  const parked = { state: 'ParkUndo', error: 'InjectedError', since: '2026-01-15T11:00:00.000Z' };
  const failure = {
    error: 'AddressUndeliverableError',
    message: 'The carrier does not deliver to this address.',
    undone: ['ReleaseInventory'],
    parked,
  };

  it('tells where an order is, what failed, and what to do', async () => {
    const body = order({ status: 'NEEDS_ATTENTION', step: 'ParkUndo', failure });
    const { stdout } = await opsAgainst({ 'GET /ops/orders/ord_1': { body } }, 'show', 'ord_1');
    expect(stdout).toBe(`order           ord_1
status          NEEDS_ATTENTION, in ParkUndo
ordered         2 x MUG-WHITE: EUR 25.00
placed          2026-01-15 10:29:30 UTC, 1 h 30 min ago
correlation id  corr-1
failed          The carrier does not deliver to this address. (AddressUndeliverableError)
undone          ReleaseInventory
waits           in ParkUndo for 1 h 0 min, because of InjectedError
go on           npm run ops -- resume ord_1`);
  });

  it('tells of a review, and leaves out what there is nothing of', async () => {
    const review = { signals: ['high-total'], since: '2026-01-15T11:00:00.000Z' };
    const { stdout } = await opsAgainst(
      { 'GET /ops/orders/ord_1': { body: order({ review }) } },
      'show',
      'ord_1',
    );
    expect(stdout).toContain('review          high-total, since 2026-01-15 11:00:00 UTC');
    expect(stdout).not.toMatch(/failed|undone|waits/);
  });

  it('tells of an order whose parcel has left how it may be kept, and of one that was who has, and why', async () => {
    const gone = { ...failure, parked: { ...parked, error: 'ShipmentDispatchedError' } };
    const kept = { at: '2026-01-15T11:00:00.000Z', by: 'ada', note: 'the carrier will not call it back' };
    const shown = async (changes: Parameters<typeof order>[0]) =>
      (await opsAgainst({ 'GET /ops/orders/ord_1': { body: order(changes) } }, 'show', 'ord_1')).stdout;
    expect(await shown({ failure: gone })).toContain(
      'keep            npm run ops -- resume ord_1 --keep --note <words>',
    );
    expect(await shown({ kept })).toContain(
      'kept            2026-01-15 11:00:00 UTC by ada: the carrier will not call it back',
    );
    expect(await shown({ failure })).not.toContain('keep');
  });

  it('is refused in the API’s own words', async () => {
    await expect(
      opsAgainst(
        {
          'GET /ops/orders/ord_9': { status: 404, body: { detail: 'there is no order ord_9' } },
          'GET /ops/orders/ord_9/timeline': { status: 404, body: { detail: 'there is no order ord_9' } },
        },
        'show',
        'ord_9',
      ),
    ).resolves.toMatchObject({ exitCode: 1, stderr: 'there is no order ord_9' });
  });
});

describe('parked', () => {
  const waiting = {
    orderId: 'ord_1',
    correlationId: 'c',
    parkedAt: '2026-01-15T10:29:30.000Z',
    state: 'ParkUndo',
    error: 'PaymentProviderUnavailableError',
  };
  const parked = (orders: object[]) =>
    opsAgainst({ 'GET /ops/orders/parked': { body: { orders } } }, 'parked');

  it('lists orders with what they wait for and how long', async () => {
    expect((await parked([waiting])).stdout).toBe(
      'ORDER  WAITS IN  BECAUSE OF                       FOR\nord_1  ParkUndo  PaymentProviderUnavailableError  1 h 30 min',
    );
  });

  it('lists all of them, from page to page', async () => {
    const page = (orderId: string, more: object = {}) => ({
      body: { orders: [{ ...waiting, orderId }], ...more },
    });
    const { stdout } = await opsAgainst(
      {
        'GET /ops/orders/parked': [page('ord_1', { next: 'more' }), page('ord_2')],
      },
      'parked',
      '--json',
    );
    expect(JSON.parse(stdout ?? '')).toMatchObject({ orders: [{ orderId: 'ord_1' }, { orderId: 'ord_2' }] });
  });

  it('says where there is none', async () => {
    expect((await parked([])).stdout).toBe('no order is parked');
  });
});

describe('resume', () => {
  const answers = {
    'POST /ops/orders/ord_1/resume': { status: 202, body: { orderId: 'ord_1', resumed: 'ParkUndo' } },
  };

  it('lets an order go on', async () => {
    const { stdout, asked } = await opsAgainst(answers, 'resume', 'ord_1');
    expect(stdout).toBe('ord_1 goes on from ParkUndo');
    expect(asked).toEqual([['POST /ops/orders/ord_1/resume', { resolutions: {} }]]);
  });

  it('lets it go on without an undo that was settled by hand', async () => {
    const { asked } = await opsAgainst(
      answers,
      'resume',
      'ord_1',
      '--skip',
      'RefundPayment',
      '--note',
      'in cash',
    );
    expect(asked).toEqual([
      ['POST /ops/orders/ord_1/resume', { resolutions: { RefundPayment: { note: 'in cash' } } }],
    ]);
  });

  it('keeps an order whose parcel has left', async () => {
    const { stdout, asked } = await opsAgainst(
      answers,
      'resume',
      'ord_1',
      '--keep',
      '--note',
      'the carrier will not call it back',
    );
    expect(stdout).toBe('ord_1 goes on from ParkUndo, and is kept');
    expect(asked).toEqual([
      ['POST /ops/orders/ord_1/resume', { keep: { note: 'the carrier will not call it back' } }],
    ]);
  });

  it.each([[['--note', 'x']], [['--skip', 'RefundPayment']], [['--keep']]])(
    'refuses %j alone',
    async (args) => {
      const { exitCode, stderr, asked } = await opsAgainst(answers, 'resume', 'ord_1', ...args);
      expect([exitCode, asked]).toEqual([2, []]);
      expect(stderr).toContain('--skip and --note go together: the undo, and how it was settled; or --keep');
    },
  );

  it('refuses to keep what is undone by hand', async () => {
    const args = ['--keep', '--skip', 'RefundPayment', '--note', 'x'];
    const { exitCode, stderr, asked } = await opsAgainst(answers, 'resume', 'ord_1', ...args);
    expect([exitCode, asked]).toEqual([2, []]);
    expect(stderr).toContain('--skip or --keep, not both');
  });
});

describe('cancel', () => {
  it('undoes an order', async () => {
    const answers = { 'POST /ops/orders/ord_1/cancel': { status: 202, body: { orderId: 'ord_1' } } };
    const { stdout } = await opsAgainst(answers, 'cancel', 'ord_1');
    expect(stdout).toContain('ord_1 is being undone');
  });

  it('is refused where the order is cancelled already', async () => {
    const detail = 'order ord_1 is already cancelled';
    const answers = { 'POST /ops/orders/ord_1/cancel': { status: 409, body: { detail } } };
    await expect(opsAgainst(answers, 'cancel', 'ord_1')).resolves.toMatchObject({
      exitCode: 1,
      stderr: detail,
    });
  });
});

describe('erase', () => {
  const route = 'POST /ops/orders/ord_1/erase';
  const body = {
    orderId: 'ord_1',
    erasedAt: '2026-01-15T11:00:00.000Z',
    erasedBy: 'operator-1',
    erased: [{ place: 'the table PersonalData', what: 'name, address, e-mail address and payment method' }],
    kept: [{ place: 'the payment provider', what: 'what it was told', why: 'ask it' }],
  };

  it('asks for nothing, and says what is erased, and what is kept and why', async () => {
    const { exitCode, stdout, asked } = await opsAgainst({ [route]: { body } }, 'erase', 'ord_1');
    expect(asked).toEqual([[route]]);
    expect([exitCode, stdout]).toEqual([
      0,
      `ord_1: personal data erased 2026-01-15 11:00:00 UTC by operator-1

erased
  the table PersonalData: name, address, e-mail address and payment method
kept
  the payment provider: what it was told (ask it)`,
    ]);
  });

  it('says with --json what the API has answered', async () => {
    const { stdout = '' } = await opsAgainst({ [route]: { body } }, 'erase', 'ord_1', '--json');
    expect(JSON.parse(stdout ?? '')).toEqual(body);
  });

  it('is refused while the order is worked on', async () => {
    const answer = { status: 409, body: { detail: 'order ord_1 is still being worked on' } };
    const { exitCode, stderr } = await opsAgainst({ [route]: answer }, 'erase', 'ord_1');
    expect([exitCode, stderr]).toEqual([1, 'order ord_1 is still being worked on']);
  });
});

describe('erase-customer', () => {
  const listed = 'GET /ops/orders?customer=https%3A%2F%2Fid.example.com%2317&limit=100';
  const page = (ids: string[], next?: string) => ({
    body: { orders: ids.map((orderId) => order({ orderId })), next },
  });
  const erasure = (orderId: string) => ({
    body: {
      orderId,
      erasedAt: '2026-01-15T11:00:00.000Z',
      erasedBy: 'operator-1',
      erased: [{ place: 'the table PersonalData', what: 'name' }],
      kept: [],
    },
  });
  const route = (orderId: string) => `POST /ops/orders/${orderId}/erase`;
  const pages = { 'GET /ops/orders': [page(['ord_1'], 'a'), page([], 'b'), page(['ord_2'])] };
  const erase = (answers: Parameters<typeof opsAgainst>[0], ...options: string[]) =>
    opsAgainst({ ...pages, ...answers }, 'erase-customer', 'https://id.example.com#17', ...options);

  it('erases every order of the customer, from page to page', async () => {
    const { exitCode, stdout, asked } = await erase({
      [route('ord_1')]: erasure('ord_1'),
      [route('ord_2')]: erasure('ord_2'),
    });
    expect(asked).toEqual([
      [listed],
      [`${listed}&cursor=a`],
      [`${listed}&cursor=b`],
      [route('ord_1')],
      [route('ord_2')],
    ]);
    expect([exitCode, stdout]).toEqual([
      0,
      'https://id.example.com#17: personal data of 2 of 2 orders erased',
    ]);
  });

  it('goes on after an order that is worked on, names it, and ends with exit code 1', async () => {
    const problem = { detail: 'order ord_1 is still being worked on' };
    const answers = {
      [route('ord_1')]: { status: 409, body: problem },
      [route('ord_2')]: erasure('ord_2'),
    };
    await expect(erase(answers)).resolves.toMatchObject({
      exitCode: 1,
      stdout: `https://id.example.com#17: personal data of 1 of 2 orders erased
ord_1: not erased: order ord_1 is still being worked on`,
    });
    const { exitCode, stdout = '' } = await erase(answers, '--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      1,
      { erasures: [erasure('ord_2').body], refused: [{ orderId: 'ord_1', problem }] },
    ]);
  });

  it('ends with exit code 1 where the customer has no orders', async () => {
    await expect(erase({ 'GET /ops/orders': page([]) })).resolves.toMatchObject({
      exitCode: 1,
      stdout: 'https://id.example.com#17: personal data of 0 of 0 orders erased',
    });
  });

  it('ends where the stage fails', async () => {
    const { exitCode, asked } = await erase({ [route('ord_1')]: { status: 500, body: {} } });
    expect([exitCode, asked.at(-1)]).toEqual([3, [route('ord_1')]]);
  });
});

describe('deliveries', () => {
  const delivery = {
    at: '2026-01-15T10:29:31.000Z',
    kind: 'delivery',
    name: 'notify-customer',
    outcome: 'done',
    detail: { eventId: 'ord_1#OrderConfirmed', type: 'OrderConfirmed', attempts: 2, durationMs: 12 },
  };
  const listed = (entries: object[]) =>
    opsAgainst({ 'GET /ops/orders/ord_1/timeline': { body: told(entries) } }, 'deliveries', 'ord_1');

  it('lists those that the timeline tells of, with what failed', async () => {
    const { durationMs: _, ...detail } = delivery.detail;
    const { stdout } = await listed([
      {
        ...delivery,
        kind: 'event',
        name: 'OrderConfirmed',
        outcome: 'published',
        detail: { eventId: 'ord_1#OrderConfirmed' },
      },
      delivery,
      { ...delivery, name: 'log-event', outcome: 'failed', detail: { ...detail, error: 'TableAwayError' } },
    ]);
    expect(stdout).toBe(`LISTENER         EVENT           OUTCOME  ATTEMPTS  TOOK   ERROR
notify-customer  OrderConfirmed  done     2         12 ms
log-event        OrderConfirmed  failed   2                TableAwayError`);
  });

  it('says where there is none', async () => {
    expect((await listed([])).stdout).toBe('nothing has been delivered');
  });
});

describe('dead letters', () => {
  const letter = {
    orderId: 'ord_1',
    eventId: 'ord_1#OrderConfirmed',
    type: 'OrderConfirmed',
    error: 'ConfigurationError',
    message: 'bad configuration',
    since: '2026-01-15T11:00:00.000Z',
  };
  const listed = (letters: object[]) =>
    opsAgainst(
      {
        'GET /ops/dead-letters': {
          body: { listeners: [{ listener: 'log-event', deadLetters: 1, letters }] },
        },
      },
      'dead-letters',
    );

  it('are counted by listener, and told: of which order, which event, and why', async () => {
    expect((await listed([letter])).stdout).toBe(`LISTENER   DEAD LETTERS
log-event  1

LISTENER   ORDER  EVENT           FOR        BECAUSE OF
log-event  ord_1  OrderConfirmed  1 h 0 min  ConfigurationError: bad configuration`);
  });

  it('that are not shown are not forgotten', async () => {
    expect((await listed([])).stdout).toBe('LISTENER   DEAD LETTERS\nlog-event  1\n(there are more)');
  });

  it('are named on the order', async () => {
    const entry = {
      at: '2026-01-15T10:29:31.000Z',
      kind: 'delivery',
      name: 'log-event',
      outcome: 'dead-lettered',
      detail: {
        eventId: 'ord_1#OrderConfirmed',
        type: 'OrderConfirmed',
        attempts: 0,
        error: 'ConfigurationError',
      },
    };
    const answers = {
      'GET /ops/orders/ord_1': { body: order() },
      'GET /ops/orders/ord_1/timeline': { body: told([entry]) },
    };
    expect((await opsAgainst(answers, 'show', 'ord_1')).stdout).toMatch(
      /^undelivered +OrderConfirmed to log-event: ConfigurationError: npm run ops -- redrive log-event$/m,
    );
    expect((await opsAgainst(answers, 'timeline', 'ord_1')).stdout).toMatch(
      /✗ log-event gave up on OrderConfirmed \(ConfigurationError\): npm run ops -- redrive log-event$/m,
    );
    expect((await opsAgainst(answers, 'deliveries', 'ord_1')).stdout).toMatch(
      /^log-event +OrderConfirmed +dead-lettered +0 +ConfigurationError$/m,
    );
  });
});

describe('redrive', () => {
  it('gives a listener its dead letters again', async () => {
    const answers = { 'POST /ops/listeners/log-event/redrive': { body: { redriven: 3, left: 1 } } };
    const { stdout } = await opsAgainst(answers, 'redrive', 'log-event');
    expect(stdout).toBe('log-event: 3 given again, 1 left');
  });
});

describe('replay', () => {
  const answers = {
    'POST /ops/replays': { status: 202, body: { replay: 'replay-1' } },
    'GET /ops/replays/replay-1': { body: { replay: 'replay-1', state: 'COMPLETED' } },
  };

  it('asks for a time in UTC, and says how to look after it', async () => {
    const time = ['--from', '2026-01-15T10:00:00+01:00', '--to', '2026-01-15T10:00:00Z'];
    const { stdout, asked } = await opsAgainst(answers, 'replay', ...time, '--listener', 'log-event');
    expect(stdout).toContain('npm run ops -- replay-state replay-1');
    const body = { from: '2026-01-15T09:00:00.000Z', to: '2026-01-15T10:00:00.000Z', listener: 'log-event' };
    expect(asked).toEqual([['POST /ops/replays', body]]);
  });

  it.each([
    [[], '--from <time> is missing'],
    [['--from', '2026-01-15'], '--to <time> is missing'],
    [['--from', 'yesterday', '--to', '2026-01-15'], '--from: a time like'],
  ])('refuses %j', async (args, why) => {
    const { exitCode, stderr } = await opsAgainst(answers, 'replay', ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(why);
  });

  it('is looked after by its name', async () => {
    expect((await opsAgainst(answers, 'replay-state', 'replay-1')).stdout).toBe('replay-1: COMPLETED');
  });
});

describe('reconcile', () => {
  const reconcile = (body: object) => opsAgainst({ 'POST /ops/reconcile': { body } }, 'reconcile');

  it('tells what was mended, and what could not be', async () => {
    const mended = { started: ['ord_1', 'ord_2'], settled: [], recovered: [], failed: ['ord_3'] };
    expect((await reconcile({ ...mended, looked: 9, more: true })).stdout).toBe(
      '9 looked at; the rest follows by itself\n2 started, as their workflow never had: ord_1, ord_2\n1 could not be mended: the log says why: ord_3',
    );
  });

  it('says where there was nothing', async () => {
    const nothing = { started: [], settled: [], recovered: [], failed: [] };
    const { stdout } = await reconcile({ ...nothing, looked: 1, more: false });
    expect(stdout).toBe('1 looked at\nnothing had to be mended');
  });
});
