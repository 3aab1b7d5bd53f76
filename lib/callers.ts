/** Whose tokens an API takes, and which of them: those that are for one of the audiences. */
export interface Tokens {
  /** An OIDC issuer, as the claim `iss` spells it. */
  readonly issuer: string;
  /** What `aud` names, or `client_id` of a token without `aud`. */
  readonly audience: readonly string[];
}

/** Who may call, and how. */
export interface Callers {
  /** By tokens, of a user pool that the stack makes or of an issuer; or by the shop's backend, which signs for all of them. */
  readonly customers: 'user-pool' | 'backend' | Tokens;
  /** By signed calls, or by tokens of those that belong to a group. */
  readonly operators: 'iam' | (Tokens & { readonly group: string });
  /** Whose pages may call the customers' API. */
  readonly corsOrigins: readonly string[];
}

/** The context keys that say so. */
export const CALLER_KEYS = [
  'customers',
  'customerIssuer',
  'customerAudience',
  'operatorIssuer',
  'operatorAudience',
  'operatorGroup',
  'corsOrigins',
] as const;
type Key = (typeof CALLER_KEYS)[number];

/** What API Gateway takes: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery */
const isIssuer = (text: string) => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.search === '' && url.hash === '';
};
const isOrigin = (text: string, isDev: boolean) => {
  const url = URL.parse(text);
  return url?.origin === text && (url.protocol === 'https:' || (isDev && url.protocol === 'http:'));
};
/** A list in a claim is told as `[one two]`: a name with a space in it would be two. */
const GROUP = /^[\w.:-]{1,128}$/;

const listIn = (text: string) => text.split(',').map((each) => each.trim());

/**
 * Who may call, as the CDK context says (`-c customerIssuer=https://id.example.com -c customerAudience=shop,app`).
 * @param refuse is told of every key that is bad
 */
export const callersIn = (
  context: Readonly<Partial<Record<Key, unknown>>>,
  stageName: string,
  refuse: (problem: string) => void,
): Callers => {
  const textOf = (key: Key) => (context[key] === undefined ? undefined : String(context[key]));

  /** Undefined where none of them is asked for. */
  const tokensBy = (issuerKey: Key, audienceKey: Key, ...others: Key[]): Tokens | undefined => {
    const keys = [issuerKey, audienceKey, ...others];
    const given = keys.filter((key) => textOf(key));
    if (given.length === 0) return undefined;
    for (const key of keys) if (!given.includes(key)) refuse(`${key}: is missing beside ${given.join(', ')}`);
    const issuer = textOf(issuerKey) ?? '';
    if (issuer && !isIssuer(issuer))
      refuse(`${issuerKey}: "${issuer}" is not the https address of an issuer`);
    const audience = listIn(textOf(audienceKey) ?? '');
    return { issuer, audience };
  };

  const customers = textOf('customers');
  if (customers !== undefined && !['user-pool', 'backend'].includes(customers))
    refuse(`customers: "${customers}" is not one of user-pool, backend`);
  const tokens = tokensBy('customerIssuer', 'customerAudience');
  if (tokens && customers) refuse(`customers: "${customers}" and customerIssuer are one too many`);
  if (stageName === 'prod' && !tokens && customers !== 'backend')
    refuse('customerIssuer: the user pool that the stack makes is refused in stage prod');

  const group = textOf('operatorGroup');
  if (group && !GROUP.test(group)) refuse(`operatorGroup: "${group}" is not the plain name of a group`);
  const operators = tokensBy('operatorIssuer', 'operatorAudience', 'operatorGroup');

  const origins = textOf('corsOrigins');
  const corsOrigins = origins === undefined ? [] : listIn(origins);
  for (const origin of corsOrigins)
    if (!isOrigin(origin, stageName === 'dev')) refuse(`corsOrigins: "${origin}" is not an origin`);

  return {
    customers: tokens ?? (customers === 'backend' ? 'backend' : 'user-pool'),
    operators: operators ? { ...operators, group: group ?? '' } : 'iam',
    corsOrigins,
  };
};
