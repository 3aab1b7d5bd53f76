import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type AdapterName, adapterNames, type Port } from '../configuration/adapters.ts';
import { commandLine, wrongUsage } from '../scripts/command-line.ts';
import { synthesize } from './assembly.ts';
import type { HandedOver } from './aws/step-functions/hand-over.ts';
import { consolePage } from './console.ts';
import { devRoutes } from './dev-routes.ts';
import { STRICTNESS_KINDS, strictest } from './faults/strictness.ts';
import { serveHttp } from './http.ts';
import { seedProducts } from './seed.ts';
import { type LocalStack, startStack } from './stack.ts';

const USAGE = `npm start -- [--port N] [--operators-port N] [--data DIR] [--time-scale X]
                [--payment NAME] [--carrier NAME] [--mailer NAME] [--auth] [--strict] [--logs]
                [--step-functions-endpoint URL] [--aws-port N]

  --port N        where to listen; 0 for any free port (default: PORT, else 3000)
  --operators-port N
                  where the operators' API listens: on AWS it is another host (default: the next port, or any free one)
  --data DIR      keep everything in DIR, so that it survives a restart (default: in memory)
  --time-scale X  multiply every retry delay and wait by X (default 0.02; 1 is as on AWS)
  --payment NAME  who moves the money: ${adapterNames('paymentProvider').join(', or ')}, by its live adapter, on a double of it (default: sandbox)
  --carrier NAME  who carries the parcels: ${adapterNames('carrier').join(', or ')}, by its live adapter, on a double of it (default: sandbox)
  --mailer NAME   who delivers mail: ${adapterNames('mailer').join(', or ')}, by its live adapter, on the local AWS (default: sandbox)
  --auth          refuse calls without a token, or a signature, as on AWS
  --strict        as unkind as AWS may be: ${STRICTNESS_KINDS.join(', ').replaceAll('-', ' ')}
  --logs          print what the functions log
  --step-functions-endpoint URL
                  run the workflows on the engine that speaks the Step Functions API there, and invokes us
  --aws-port N    where the AWS endpoint listens, for SDKs and for that engine (default: any free port)`;

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

/** The options from the command line and the environment. Ends the process naming every bad one. */
const options = () => {
  const { values } = commandLine(USAGE, {
    options: {
      port: { type: 'string', default: process.env.PORT ?? '3000' },
      'operators-port': { type: 'string' },
      data: { type: 'string' },
      'time-scale': { type: 'string', default: '0.02' },
      payment: { type: 'string', default: 'sandbox' },
      carrier: { type: 'string', default: 'sandbox' },
      mailer: { type: 'string', default: 'sandbox' },
      auth: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      logs: { type: 'boolean', default: false },
      'step-functions-endpoint': { type: 'string' },
      'aws-port': { type: 'string', default: '0' },
    },
  });
  const problems: string[] = [];
  const portIn = (option: 'port' | 'operators-port' | 'aws-port', given: string): number => {
    if (!/^\d{1,5}$/.test(given) || Number(given) > 65_535)
      problems.push(`--${option}: "${given}" is not a number from 0 to 65535`);
    return Number(given);
  };
  const port = portIn('port', values.port);
  const operatorsPort = portIn('operators-port', values['operators-port'] ?? `${port ? port + 1 : 0}`);
  const awsPort = portIn('aws-port', values['aws-port']);
  const stepFunctionsEndpoint = values['step-functions-endpoint'];
  if (
    stepFunctionsEndpoint !== undefined &&
    !/^https?:$/.test(URL.parse(stepFunctionsEndpoint)?.protocol ?? '')
  )
    problems.push(`--step-functions-endpoint: "${stepFunctionsEndpoint}" is not an http address`);
  const timeScale = Number(values['time-scale']);
  if (!(timeScale >= 0))
    problems.push(`--time-scale: "${values['time-scale']}" is not a number of 0 or more`);
  const adapterIn = <P extends Port>(
    option: 'payment' | 'carrier' | 'mailer',
    port: P,
  ): AdapterName<P> | undefined => {
    const found = adapterNames(port).find((name) => name === values[option]);
    if (!found)
      problems.push(`--${option}: "${values[option]}" is not one of ${adapterNames(port).join(', ')}`);
    return found;
  };
  const adapters = {
    paymentProvider: adapterIn('payment', 'paymentProvider'),
    carrier: adapterIn('carrier', 'carrier'),
    mailer: adapterIn('mailer', 'mailer'),
  };
  if (problems.length > 0) return wrongUsage(USAGE, ...problems);
  return {
    port,
    operatorsPort,
    dataDirectory: values.data,
    timeScale,
    adapters,
    auth: values.auth,
    strict: values.strict,
    logs: values.logs,
    stepFunctionsEndpoint,
    awsPort,
  };
};

const example = (url: string, what: string, file: string) =>
  `  # ${what}\n  curl -i -X POST ${url}/orders -H "authorization: $ADA" -H 'content-type: application/json' -d @examples/${file}`;

const elsewhere = ({ endpoint, hasAliases }: HandedOver) => `\
Workflows: run by ${endpoint}, which is to find Lambda and EventBridge at the AWS endpoint above.
Started by: ${hasAliases ? 'the aliases' : 'the bare machines, as it has no aliases that it could start'}.
`;

const PAYMENTS_BY_STRIPE = `\
Payments: by the adapter of Stripe, on a double of Stripe that is here, in memory. Its test cards are Stripe's:
  pm_card_visa, pm_card_visa_chargeDeclined, pm_card_authenticationRequired (its customer authenticates in the console),
  and its accounts for debits: pm_successDelayed_de, pm_failedDelayed_de (after three of its minutes)
`;

const PARCELS_BY_EASYPOST = `\
Parcels: by the adapter of EasyPost, on a double of EasyPost that is here, in memory. It carries within Germany.
`;

const MAIL_BY_SES = `\
Mail: by the adapter of SES, on SES as the local AWS has it, in memory. The console shows it.
`;

interface Welcome {
  readonly url: string;
  readonly operatorsUrl: string;
  readonly stack: LocalStack;
  readonly data: string | undefined;
  readonly mailer: AdapterName<'mailer'> | undefined;
  readonly auth: boolean;
}

const welcome = async ({ url, operatorsUrl, stack, data, mailer, auth }: Welcome) => {
  const { awsEndpoint, stripe, easypost, notEmulated, timeScale, handedOver, apis } = stack;
  const [ada, grace] = await Promise.all(
    ['ada', 'grace'].map((each) => apis.customers.authorizationOf(each)),
  );
  return `
Ready: ${url}
Operators: ${operatorsUrl}

Open it in a browser: place orders, break them, and see what they do.
Or try, in another terminal, as one of two customers:
  ADA='${ada}'
  GRACE='${grace}'
${example(url, 'goes through', 'order.json')}
${example(url, 'the card is declined', 'declined.json')}
${example(url, 'more than there is', 'out-of-stock.json')}
${example(url, 'nowhere to deliver', 'undeliverable.json')}
then, with the orderId of the answer:
  curl ${url}/orders/<orderId> -H "authorization: $ADA"
  curl ${url}/orders/<orderId>/timeline -H "authorization: $ADA"
and as an operator, who signs, with any credentials, as npm run ops does:
  curl ${operatorsUrl}/ops/orders --aws-sigv4 aws:amz:us-east-1:execute-api --user operator:local
and see the outside worlds (money, stock, parcels, mails):
  curl ${url}/dev/worlds

Calls without that header: ${auth ? 'refused' : 'those of local-customer, and of local-operator (--auth refuses them)'}.
AWS endpoint for SDKs and the CLI (any credentials, us-east-1): ${awsEndpoint}
${stripe ? PAYMENTS_BY_STRIPE : ''}${easypost ? PARCELS_BY_EASYPOST : ''}${mailer === 'ses' ? MAIL_BY_SES : ''}Tables, workflows, events and dead letters: ${data ? `in ${data}` : 'in memory'}.
Delays: ${timeScale} of AWS's (--time-scale 1 for AWS's own).
${handedOver ? elsewhere(handedOver) : ''}Not emulated: ${notEmulated.join(', ')}.
Ctrl-C ends it.
`;
};

/** How long, at the end, what is under way has to finish. */
const LAST_MS = 2_000;

const main = async () => {
  const {
    port,
    operatorsPort,
    dataDirectory,
    timeScale,
    adapters,
    auth,
    strict,
    logs,
    stepFunctionsEndpoint,
    awsPort,
  } = options();
  if (dataDirectory) mkdirSync(dataDirectory, { recursive: true });
  const products = seedProducts();
  const assembly = await synthesize(
    () => console.log('Building the functions and synthesizing the stack…'),
    adapters,
  );
  const [stack, page] = await Promise.all([
    startStack({
      assembly,
      products,
      timeScale,
      awsPort,
      auth,
      ...(stepFunctionsEndpoint && { stepFunctionsEndpoint }),
      ...(dataDirectory && { dataDirectory }),
      ...(strict && { strictness: strictest() }),
      ...(logs && { onLog: (line) => console.log(line) }),
    }),
    consolePage(),
  ]);
  const { customers, operators } = stack.apis;
  const dev = devRoutes(stack, products);
  const server = await serveHttp(
    port,
    async (request) => page.handle(request) ?? (await dev.handle(request)) ?? customers.handle(request),
  );
  customers.isServedAt(server.url);
  const operatorsServer = await serveHttp(operatorsPort, operators.handle, '--operators-port');
  operators.isServedAt(operatorsServer.url);
  console.log(
    await welcome({
      url: server.url,
      operatorsUrl: operatorsServer.url,
      stack,
      data: dataDirectory,
      mailer: adapters.mailer,
      auth,
    }),
  );
  void stack.warm();
  stack.startSchedules();

  let closing = false;
  const close = async () => {
    if (closing) process.exit(130);
    closing = true;
    await Promise.all([server.close(), operatorsServer.close()]);
    // With --data everything is on record, and what finishes now need not be repeated later.
    const until = Date.now() + (dataDirectory ? LAST_MS : 0);
    while (stack.underWay() > 0 && Date.now() < until) await delay(20);
    await stack.close();
    process.exit(0);
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
};

main().catch((error: Error) => fail(error.message));
