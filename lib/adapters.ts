import { ADAPTERS, needsOf, PORTS, type Port } from '../configuration/adapters.ts';

/** The adapter that was chosen for a port, and what it is told, by context key. */
export interface ChosenAdapter {
  readonly name: string;
  /** ARNs. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly webhookSecrets: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
}
export type Adapters = Readonly<Record<Port, ChosenAdapter>>;

const REGISTERED = PORTS.flatMap((port) => Object.keys(ADAPTERS[port]).map((name) => ({ port, name })));
const keysOf = ({ port, name }: { readonly port: Port; readonly name: string }): string[] => {
  const { secrets, webhookSecrets, settings } = needsOf(port, name);
  return [...secrets, ...webhookSecrets, ...Object.keys(settings)];
};

/** The context keys that choose adapters, and tell each what it needs. */
export const ADAPTER_KEYS: readonly string[] = [...PORTS, ...new Set(REGISTERED.flatMap(keysOf))];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
const SECRET = /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:.+-\w{6}$/;

/** From `-c` a setting is a text, in `cdk.json` it may be an object. */
const textIn = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

/**
 * The adapters that the CDK context asks for (`-c paymentProvider=stripe -c stripeSecret=<ARN>`); sandboxes, where it does not.
 * @param refuse is told of every key that is bad
 */
export const adaptersIn = (
  context: Readonly<Record<string, unknown>>,
  stageName: string,
  refuse: (problem: string) => void,
): Adapters => {
  const chosen = (port: Port): ChosenAdapter => {
    const name = String(context[port] ?? 'sandbox');
    const known = Object.keys(ADAPTERS[port]);
    if (!known.includes(name)) {
      refuse(`${port}: "${name}" is not one of ${known.join(', ')}`);
      return { name, secrets: {}, webhookSecrets: {}, settings: {} };
    }
    if (name === 'sandbox' && stageName === 'prod')
      refuse(`${port}: the sandbox adapter is refused in stage prod`);
    const needs = needsOf(port, name);
    const arnsOf = (keys: readonly string[]): Record<string, string> =>
      Object.fromEntries(
        keys.map((key) => {
          const arn = textIn(context[key]) ?? '';
          if (!SECRET.test(arn)) refuse(`${key}: "${arn}" is not the ARN of a secret`);
          return [key, arn];
        }),
      );
    const settings = Object.entries(needs.settings).flatMap(([key, model]) => {
      const text = textIn(context[key]);
      for (const { path, message } of model.safeParse(text).error?.issues ?? [])
        refuse(
          `${[key, ...path].join('.')}: ${text === undefined ? `is missing beside ${port}=${name}` : message}`,
        );
      return text === undefined ? [] : [[key, text]];
    });
    return {
      name,
      secrets: arnsOf(needs.secrets),
      webhookSecrets: arnsOf(needs.webhookSecrets),
      settings: Object.fromEntries(settings),
    };
  };
  const adapters = Object.fromEntries(PORTS.map((port) => [port, chosen(port)])) as Record<
    Port,
    ChosenAdapter
  >;
  const isChosen = ({ port, name }: (typeof REGISTERED)[number]) => adapters[port].name === name;
  const heard = REGISTERED.filter(isChosen).flatMap(keysOf);
  for (const each of REGISTERED.filter((registered) => !isChosen(registered)))
    for (const key of keysOf(each))
      if (context[key] !== undefined && !heard.includes(key))
        refuse(`${key}: is for -c ${each.port}=${each.name}`);
  return adapters;
};
