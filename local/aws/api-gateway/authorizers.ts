import type { JWTPayload } from 'jose';
import { audienceOf } from '../../../api/audience.ts';
import { type HttpRequest, type HttpResponse, statusAlone } from '../../http.ts';
import { ACCOUNT, REGION, type Resource } from '../../template.ts';
import { idClaims, signed, verified } from '../cognito/issuer.ts';

/** What a function is told of the caller, or the answer to one that is not let in. */
type Verdict = { readonly authorizer?: object } | { readonly refusal: HttpResponse };

/** How a route finds out who calls. */
export interface Authorizer {
  readonly check: (request: HttpRequest) => Promise<Verdict>;
  /** The header by which somebody calls: `Bearer ...`, or a signature that nobody checks. */
  readonly authorizationOf: (name: string, claims?: Readonly<Record<string, unknown>>) => Promise<string>;
}

/**
 * AWS documents the description of one refusal:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
 */
const unauthorized = (error?: string): Verdict => {
  const response = statusAlone(401);
  const challenge = error === undefined ? 'Bearer' : `Bearer scope="" error="invalid_token"${error}`;
  return { refusal: { ...response, headers: { ...response.headers, 'www-authenticate': challenge } } };
};

/** Every claim is told as a text, a list as `[one two]`. */
const told = (claim: unknown): string => {
  if (Array.isArray(claim)) return `[${claim.join(' ')}]`;
  return typeof claim === 'object' ? JSON.stringify(claim) : String(claim);
};

interface Tokens {
  readonly Issuer: string;
  readonly Audience: readonly string[];
}

/** Of `aud` and `client_id`, the first that there is. */
const isFor = ({ aud, client_id: client }: JWTPayload, audience: readonly string[]): boolean =>
  [aud ?? client].flat().some((each) => audience.includes(String(each)));

/** @param stranger whose a call without a token is; it is refused without */
const byTokens = ({ Issuer, Audience }: Tokens, stranger: string | undefined): Authorizer => {
  const claimsOf = (name: string) => idClaims(Issuer, `${Audience[0]}`, name, `${name}@example.com`);
  const passed = (claims: JWTPayload): Verdict => ({
    authorizer: {
      jwt: {
        claims: Object.fromEntries(Object.entries(claims).map(([name, claim]) => [name, told(claim)])),
        scopes: null,
      },
    },
  });
  return {
    check: async ({ headers: { authorization } }) => {
      if (authorization === undefined) return stranger ? passed(claimsOf(stranger)) : unauthorized();
      const claims = await verified(authorization.replace(/^Bearer /i, ''), Issuer).catch(() => undefined);
      if (!claims) return unauthorized('');
      return isFor(claims, Audience)
        ? passed(claims)
        : unauthorized(' error_description="the token does not have a valid audience"');
    },
    authorizationOf: async (name, claims = {}) => `Bearer ${await signed({ ...claimsOf(name), ...claims })}`,
  };
};

const SIGNATURE = 'AWS4-HMAC-SHA256';

/** @param stranger whose an unsigned call is; it is refused without */
const bySignature = (stranger: string | undefined): Authorizer => ({
  check: async ({ headers: { authorization } }) => {
    const signer = new RegExp(`^${SIGNATURE} Credential=([^/]+)/`).exec(authorization ?? '')?.[1];
    const userId = authorization === undefined ? stranger : signer;
    if (userId === undefined) return { refusal: statusAlone(403) };
    const userArn = `arn:aws:iam::${ACCOUNT}:user/${userId}`;
    return {
      authorizer: {
        iam: {
          accessKey: userId,
          accountId: ACCOUNT,
          callerId: userId,
          cognitoIdentity: null,
          userArn,
          userId,
        },
      },
    };
  },
  authorizationOf: async (name) =>
    `${SIGNATURE} Credential=${name}/20260101/${REGION}/execute-api/aws4_request, SignedHeaders=host, Signature=0`,
});

/** Lets in whoever comes. */
const open: Authorizer = { check: async () => ({}), authorizationOf: async () => '' };

/** Whose a call is that comes without `Authorization`. */
const STRANGER = { customer: 'local-customer', operator: 'local-operator' };

/**
 * The authorizers of routes, by what these say of theirs.
 * @param auth whether a call without `Authorization` is refused, as on AWS
 * @throws Error for one that is not emulated
 */
export const authorizers = (resources: readonly Resource[], auth: boolean) => {
  const configured = new Map(
    resources
      .filter(({ type }) => type === 'AWS::ApiGatewayV2::Authorizer')
      .map(({ ref, properties }) => [ref, properties.JwtConfiguration as Tokens]),
  );
  return (route: Resource['properties']): Authorizer => {
    const { RouteKey, AuthorizationType, AuthorizerId, AuthorizationScopes } = route;
    const stranger = audienceOf(String(RouteKey)) === 'operators' ? STRANGER.operator : STRANGER.customer;
    const tokens = configured.get(String(AuthorizerId));
    if (AuthorizationType === 'JWT' && tokens && !AuthorizationScopes)
      return byTokens(tokens, auth ? undefined : stranger);
    if (AuthorizationType === 'AWS_IAM') return bySignature(auth ? undefined : stranger);
    if (AuthorizationType === 'NONE') return open;
    throw new Error(`${RouteKey}: the authorization ${AuthorizationType} is not emulated locally`);
  };
};
