import fc from 'fast-check';
import { STATUSES } from '../../api/requests/statuses.ts';

/** What earlier answers have told, to be sent where it belongs and where it does not. */
export interface Known {
  readonly orderIds: string[];
  readonly cursors: string[];
  readonly correlationIds: string[];
  readonly replays: string[];
  readonly listeners: readonly string[];
  /** On sale. */
  readonly skus: readonly string[];
  /** In the catalogue, and not what a product has to be. */
  readonly brokenSkus: readonly string[];
}

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Sent in chunks, without a length. */
  readonly isChunked: boolean;
}

/** Of a test card. It must not be found again, in whichever field it was sent. */
export const CARD = '5555555555554444';

/** What is none of ours, whatever it is sent as: too long, too short, every object's, nobody's. */
const ODD = [
  '',
  ' ',
  '\u3000',
  '0',
  '-1',
  '1.5',
  '1e9',
  'null',
  'undefined',
  'constructor',
  '__proto__',
  'toString',
  'x'.repeat(2_049),
  `ord_${'f'.repeat(2_049)}`,
  `ord_${'0'.repeat(26)}`,
  'ord_nope',
  `replay-${'0'.repeat(36)}`,
  '\ud83d',
  'a\u0000b',
  'Ada\nLovelace',
  'Ada \u202egnp.exe',
  'Zoe\u0308',
  '👩‍👩‍👧',
  CARD,
  CARD.replace(/(\d{4})(?=\d)/g, '$1 '),
  '../../orders',
  '{"a":1}',
  'a,b',
  'a=b&c=d',
  '2026-01-15T09:30:00.000Z',
  'eur',
];

/** A text that is known only once it is sent, as earlier answers may have brought it. */
type Later = () => string;

const now = (text: fc.Arbitrary<string>): fc.Arbitrary<Later> => text.map((known) => () => known);

const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const anyValue = fc.oneof(
  { weight: 3, arbitrary: anyText },
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(Number.MAX_SAFE_INTEGER, -0, 1e300, 0.1, true, null, [], {}, [[[[]]]]),
);

/** A change somewhere in a body: which way it takes there, and what it leaves. */
const change = fc.record({
  way: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
  kind: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const),
  key: fc.constantFrom('constructor', '__proto__', 'toString', 'unitPriceCents', 'customerId', 'x'),
  value: anyValue,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const changed = (body: unknown, { way: [step = 0, ...rest], ...what }: Change): unknown => {
  const { kind, key, value } = what;
  if (typeof body !== 'object' || body === null || Object.keys(body).length === 0) return value;
  const names = Object.keys(body);
  const name = names[step % names.length] as string;
  if (Array.isArray(body))
    return body.map((entry, index) =>
      index === Number(name) ? changed(entry, { way: rest, ...what }) : entry,
    );
  const fields = body as Record<string, unknown>;
  if (rest.length > 0) return { ...fields, [name]: changed(fields[name], { way: rest, ...what }) };
  if (kind === 'add') return { ...fields, [key]: value };
  const { [name]: _, ...others } = fields;
  return kind === 'remove' ? others : { ...fields, [name]: value };
};

const name = fc.constantFrom(
  'Ada Lovelace',
  'Zoë Müller',
  '山田 太郎',
  'محمد بن سلمان',
  'Đặng Thị',
  "O'Neill",
);

const order = ({ skus, brokenSkus }: Known) =>
  fc.record({
    items: fc.uniqueArray(
      fc.record({
        sku: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...skus) }, fc.constantFrom(...brokenSkus)),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 3, selector: ({ sku }) => sku },
    ),
    paymentMethod: fc.constantFrom('pm_card_visa', 'pm_card_visa', 'pm_card_declined'),
    shippingAddress: fc.record(
      {
        name,
        line1: name,
        line2: name,
        city: fc.constantFrom('Berlin', '東京', 'São Paulo'),
        region: fc.constantFrom('BE', 'SP'),
        postalCode: fc.constantFrom('10115', '00000', '88888'),
        country: fc.constantFrom('DE', 'JP', 'BR', 'GB'),
      },
      { requiredKeys: ['name', 'line1', 'city', 'postalCode', 'country'] },
    ),
  });

const note = fc.record({ note: anyText });
const resumption = fc.record(
  {
    resolutions: fc.dictionary(
      fc.constantFrom('CancelShipment', 'ReleaseInventory', 'RefundPayment', 'constructor'),
      note,
      { maxKeys: 2 },
    ),
    keep: note,
  },
  { requiredKeys: [] },
);

const replay = ({ listeners }: Known) =>
  fc.record(
    {
      from: fc.constantFrom('2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z', '+275760-09-13T00:00:00.000Z'),
      to: fc.constantFrom('2020-01-01T00:00:00Z', '2020-01-03T00:00:00Z', '9999-12-31T23:59:59Z'),
      listener: fc.constantFrom(...listeners, 'constructor', '__proto__', 'nobody'),
    },
    { requiredKeys: ['from', 'to'] },
  );

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? '');

const body = (known: Known): fc.Arbitrary<Buffer | undefined> => {
  const good = fc.oneof(
    { weight: 3, arbitrary: order(known) as fc.Arbitrary<unknown> },
    resumption,
    replay(known),
  );
  return fc.oneof(
    { weight: 10, arbitrary: good.map(bytes) },
    { weight: 6, arbitrary: fc.tuple(good, change).map(([value, what]) => bytes(changed(value, what))) },
    fc.constant(undefined),
    anyValue.map(bytes),
    fc.uint8Array({ maxLength: 60 }).map((raw) => Buffer.from(raw)),
    good.map((value) => Buffer.concat([Buffer.from('\ufeff'), bytes(value)])),
    good.map((value) => bytes(value).subarray(0, 20)),
    fc
      .constantFrom(
        '['.repeat(60_000),
        `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
        `"${'x'.repeat(70_000)}"`,
      )
      .map((text) => Buffer.from(text)),
  );
};

const list = fc.constantFrom(
  'own',
  ...[undefined, ...STATUSES].map((status) => `all ${status}`),
  'deliveries x',
  'x',
);
const craftedCursor = fc
  .record({
    list,
    key: fc.oneof(
      anyValue,
      fc.record(
        Object.fromEntries(
          ['orderId', 'customerId', 'placedAt', 'openSince', 'parkedAt', 'delivery'].map((field) => [
            field,
            anyText,
          ]),
        ),
        { requiredKeys: [] },
      ),
    ),
  })
  .map((value) => bytes(value).toString('base64url'));

/** An id of any kind, for any place. */
const id = (known: Known): fc.Arbitrary<Later> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('orderIds', 'correlationIds', 'replays', 'listeners'), fc.nat())
        .map(
          ([pool, at]): Later =>
            () =>
              known[pool as 'orderIds'].at(-1 - (at % (known[pool as 'orderIds'].length || 1))) ?? 'x',
        ),
    },
    now(anyText),
  );
const cursor = (known: Known): fc.Arbitrary<Later> =>
  fc.oneof(
    fc.nat().map(
      (at): Later =>
        () =>
          known.cursors[at % (known.cursors.length || 1)] ?? '',
    ),
    now(craftedCursor),
    now(anyText),
  );

const query = (known: Known): fc.Arbitrary<Later> => {
  const pair = (key: string, value: fc.Arbitrary<Later>): fc.Arbitrary<Later> =>
    value.map((later) => () => `${key}=${encodeURIComponent(later().toWellFormed())}`);
  return fc
    .array(
      fc.oneof(
        pair('limit', now(fc.oneof(fc.constantFrom('1', '2', '100', '101', '0x10', ' 5'), anyText))),
        pair('cursor', cursor(known)),
        pair('status', now(fc.oneof(fc.constantFrom(...STATUSES), anyText))),
        now(fc.constantFrom('%', 'a', '=', 'constructor=1', '__proto__=1', 'limit', 'cursor=%ff')),
      ),
      { maxLength: 3 },
    )
    .map((pairs) => () => (pairs.length > 0 ? `?${pairs.map((later) => later()).join('&')}` : ''));
};

/** As it may stand in a path: encoded as it should be, or not. */
const segment = (known: Known): fc.Arbitrary<Later> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: id(known).map(
        (later): Later =>
          () =>
            encodeURIComponent(later().toWellFormed()) || '%20',
      ),
    },
    now(fc.constantFrom('%', '%zz', '%c3%28', '%00', '%2F', '%2e%2e', '..', '+', "'", '%F0%9F')),
  );

const path = (route: string, known: Known): fc.Arbitrary<Later> =>
  fc
    .tuple(
      ...route.split('/').map((part) => (part.startsWith('{') ? segment(known) : now(fc.constant(part)))),
    )
    .map((parts) => () => parts.map((later) => later()).join('/'));

/** What HTTP lets through, of a text. A correlation id may look like a card's number, and is not one. */
const printable = (text: string): string =>
  text === CARD ? '' : text.replace(/[^\x20-\x7e\x80-\xff]/g, '').slice(0, 1_000);

const headers = fc
  .record(
    {
      'content-type': fc.constantFrom(
        'application/json',
        'application/json; charset=utf-16',
        'text/plain',
        'multipart/form-data',
        'x',
      ),
      'x-correlation-id': anyText.map(printable),
      'idempotency-key': fc.oneof(fc.constantFrom('k1', 'k2', 'k3'), anyText.map(printable)),
      'content-encoding': fc.constantFrom('gzip', 'identity', 'x'),
      'accept-encoding': fc.constantFrom('gzip', '*;q=0'),
      'x-http-method-override': fc.constantFrom('DELETE', 'PUT'),
      'x-forwarded-for': fc.constantFrom('127.0.0.1', 'x'),
      authorization: fc.constantFrom('Basic x', 'Bearer x.y.z'),
      cookie: anyText.map(printable),
    },
    { requiredKeys: [] },
  )
  .map((given) => given as Readonly<Record<string, string>>);

/**
 * Requests for all of the routes (`METHOD /path/{variable}`), good ones, bad ones, and some for none of them.
 * @returns each to be made when it is sent: it may hold what has been answered until then
 */
export const anyRequest = (routes: readonly string[], known: Known): fc.Arbitrary<() => WireRequest> => {
  // Those with a body have more to be wrong about.
  const route = fc.oneof(
    fc.constantFrom(...routes),
    fc.constantFrom(...routes.filter((each) => each.startsWith('POST '))),
  );
  return route
    .chain((each) => {
      const [method = '', template = ''] = each.split(' ');
      return fc.tuple(
        fc.oneof(
          { weight: 20, arbitrary: fc.constant(method) },
          fc.constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'GET', 'POST'),
        ),
        path(template, known),
        query(known),
        headers,
        body(known),
        fc.boolean(),
      );
    })
    .map(([method, template, parameters, given, content, isChunked]) => () => ({
      method,
      path: `${template()}${parameters()}`,
      headers: given,
      body: content,
      isChunked,
    }));
};
