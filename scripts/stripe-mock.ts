// What `npm run check:stripe` runs: what our adapter asks of Stripe, and what our double of Stripe answers, held to Stripe's
// own specification by Stripe's own stripe-mock (https://github.com/stripe/stripe-mock).
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Ajv } from 'ajv';
import { STRIPE_PAYMENT_METHODS } from '../configuration/stripe-payment-methods.ts';
import type { PaymentProvider } from '../lambdas/payment/provider.ts';
import { stripeProvider } from '../lambdas/payment/stripe-provider.ts';
import { askDoubles } from '../local/ask-doubles.ts';
import { secretsManager } from '../local/aws/secrets-manager.ts';
import { type HttpRequest, serveHttp } from '../local/http.ts';
import { stripeDouble } from '../local/stripe/stripe.ts';
import { commandLine } from './command-line.ts';
import { goTool } from './go.ts';

/** The newest there is. It knows an older version of the API than ours: what is new in ours it does not judge. */
const VERSION = 'v0.203.0';

commandLine(
  `npm run check:stripe

Sends what our adapter asks of Stripe to stripe-mock, too, which knows Stripe's specification, and holds what our double of
Stripe answers to the same specification. Needs Go.`,
  { options: {} },
);

type Json = Readonly<Record<string, unknown>>;

/** JSON Schema knows null as a type; OpenAPI 3.0 says `nullable`. */
const withNull = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, withNull(value)]),
  );
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
};

/** @returns what is wrong with an answer, by Stripe's specification */
const specificationIn = (source: string) => {
  const spec = JSON.parse(readFileSync(join(source, 'embedded/openapi/spec3.json'), 'utf8'));
  const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema(
    { components: withNull(spec.components) } as Json,
    'stripe',
  );
  return {
    version: spec.info.version as string,
    wrongs: (name: string, answer: unknown): string[] => {
      const validate = ajv.getSchema(`stripe#/components/schemas/${name}`);
      if (!validate) return [`there is no ${name} in the specification`];
      return validate(answer)
        ? []
        : (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message}`);
    },
  };
};

/** @returns the process and its address */
const start = async (command: string): Promise<{ readonly mock: ChildProcess; readonly url: string }> => {
  const mock = spawn(command, ['-http-addr', '127.0.0.1:0', '-https-addr', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: mock.stdout })) {
    const [, address] = /HTTP at address: (\S+)/.exec(line) ?? [];
    if (address) return { mock, url: `http://${address}` };
  }
  throw new Error(`${command} does not start`);
};

const refused = async (call: Promise<unknown>): Promise<void> => {
  if (await call.then(Boolean, () => false)) throw new Error('what was to be refused was not');
};

/** What the adapter asks of Stripe, whatever it is answered. */
const drive = async ({ prepare, commit, awaited, undo, close }: PaymentProvider): Promise<void> => {
  const order = { orderId: 'ord_1', correlationId: 'corr-1', amountCents: 2_500, currency: 'EUR' };
  const prepared = async (paymentMethod: string) => ({
    orderId: order.orderId,
    intentId: await prepare({ ...order, paymentMethod }),
  });
  const paid = await prepared('pm_card_visa');
  await commit(paid, false);
  await commit(paid, true);
  await awaited(paid);
  await close(paid);
  await undo(paid);
  await undo(paid);
  await refused(commit(paid, true));
  for (const method of [
    'pm_card_visa_chargeDeclined',
    'pm_card_chargeDeclinedExpiredCard',
    'pm_card_authenticationRequired',
  ]) {
    const declined = await prepared(method);
    await refused(commit(declined, false));
    await refused(commit(declined, true));
    await awaited(declined);
    await undo(declined);
    await refused(commit(declined, true));
  }
  const debit = await prepared('pm_successDelayed_de');
  await refused(commit(debit, false));
  await refused(commit(debit, true));
  await awaited(debit);
  await refused(undo(debit));
  await close(await prepared('pm_card_visa'));
  await refused(prepared('pm_unheard_of'));
};

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:stripe';
const KEY = 'sk_test_local';

/** Where the adapter finds its key: this process is told as a function would be. */
const serveSecret = async () => {
  const secrets = secretsManager(new Map([[SECRET, KEY]]));
  const server = await serveHttp(0, async () => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(secrets('GetSecretValue', { SecretId: SECRET })),
  }));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
  });
  return server;
};

const main = async (): Promise<boolean> => {
  const tool = goTool('github.com/stripe/stripe-mock', VERSION);
  if (!tool) {
    console.log('check:stripe was not run: there is no Go');
    return true;
  }
  const specification = specificationIn(tool.source);
  const { mock, url } = await start(tool.command);
  const double = stripeDouble();
  const wrongs: string[] = [];
  let requests = 0;

  /** The double answers. What it takes, stripe-mock has to take, too. */
  const both = async (request: HttpRequest) => {
    const { method, url: asked, headers, body } = request;
    const judged = await fetch(`${url}${asked.pathname}${asked.search}`, {
      method,
      headers: Object.fromEntries(
        ['authorization', 'content-type'].flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])),
      ),
      ...(method === 'POST' && { body: body.toString() }),
    });
    const said = (await judged.json()) as { readonly error?: { readonly message?: string } };
    const answer = await double.handle(request);
    if (!answer) throw new Error('the double gave no answer');
    const told = JSON.parse(String(answer.body));
    const what = `${method} ${asked.pathname}`;
    const isKnown = told.error?.code !== 'parameter_unknown';
    if (judged.ok !== isKnown)
      wrongs.push(`${what} ${body}: stripe-mock says ${said.error?.message ?? 'yes'}`);
    const name = told.error ? 'error' : told.object;
    wrongs.push(...specification.wrongs(name, told).map((wrong) => `${what}, ${answer.status}: ${wrong}`));
    requests += 1;
    return answer;
  };
  const servers = [await serveSecret(), await serveHttp(0, both)] as const;
  const api = servers[1].url;
  askDoubles({ 'api.stripe.com': api });
  try {
    await drive(
      stripeProvider({ secret: SECRET, webhookSecret: SECRET, paymentMethods: [...STRIPE_PAYMENT_METHODS] }),
    );
    // That what is wrong is noticed.
    const answer = await fetch(`${api}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: new URLSearchParams({ payment_intent: 'pi_1', colour: 'red' }),
    });
    if (answer.status !== 400) wrongs.push('a parameter that there is none of was taken');
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    mock.kill();
  }
  for (const wrong of new Set(wrongs)) console.error(wrong);
  console.log(
    `${requests} requests, and what the double answered, by stripe-mock ${VERSION} and Stripe's specification of ${specification.version}: ${wrongs.length === 0 ? 'as they should be' : `${wrongs.length} wrong`}`,
  );
  return wrongs.length === 0;
};

process.exit((await main()) ? 0 : 1);
