import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { audienceOf } from '../../api/audience.ts';
import { Customer } from '../../api/requests/customer.ts';
import { Email } from '../../api/requests/email.ts';
import { Json } from '../../configuration/json.ts';
import { ResourceName } from './env.ts';
import { Problem } from './problem.ts';

const Tokens = z.object({ issuer: z.string().min(1), audience: z.array(z.string().min(1)).min(1) });
type Tokens = z.infer<typeof Tokens>;

/** Who may call, and how, as the stack hands it to a function. */
export const CallersEnv = z.object({
  CALLERS: Json.pipe(
    z.object({
      /** By tokens, or by the shop's backend, which signs its calls and names the customer. */
      customers: z.union([Tokens, z.literal('backend')]),
      /** By tokens of those that belong to a group, or by signed calls. */
      operators: z.union([Tokens.extend({ group: z.string().min(1) }), z.literal('iam')]),
      /** The API of operators, by its id. */
      operatorsApi: ResourceName,
    }),
  ),
});
export type Callers = z.infer<typeof CallersEnv>['CALLERS'];

/** Who calls, as the authorizer says; what the client says is believed of nobody but the shop's backend. */
export interface Caller {
  /**
   * Issuer and subject of a token, `https://id.example.com#17`; whom the shop's backend names; or, of an operator who signs,
   * the principal.
   */
  readonly callerId: string;
  /** What a role's session is called by whoever assumed the role: often an e-mail, and never who it is. */
  readonly session?: string;
  /** Whether it came by a route of the operators' API. */
  readonly isOperator: boolean;
}

/** By which the shop's backend names the customer. */
export const CUSTOMER_HEADER = 'x-customer-id';
/** By which it says where that customer's mail goes. */
export const EMAIL_HEADER = 'x-customer-email';

type Claims = Readonly<Record<string, unknown>>;

/** What the authorizer has checked. */
const checkedIn = ({ requestContext }: APIGatewayProxyEventV2) =>
  (
    requestContext as {
      authorizer?: { jwt?: { claims?: Claims }; iam?: { userId?: string } };
    }
  ).authorizer;

const nobody = (detail = 'the request carries no identity that an authorizer has checked') =>
  new Problem('unauthenticated', detail);

/** A claim's values. The gateway tells every claim as a text, and a list as `[one two]`. */
const valuesOf = (claim: unknown): string[] =>
  typeof claim === 'string' ? claim.replace(/^\[(.*)\]$/, '$1').split(' ') : [];

/**
 * The claims of a token, once more held against what the authorizer was to let through.
 * @throws Problem where it is not for us
 */
const claimsOf = (event: APIGatewayProxyEventV2, { issuer, audience }: Tokens): Claims => {
  const claims = checkedIn(event)?.jwt?.claims ?? {};
  const isForUs = valuesOf(claims.aud ?? claims.client_id).some((each) => audience.includes(each));
  if (claims.iss !== issuer || !isForUs) throw nobody();
  return claims;
};

/** A subject is its issuer's own: another issuer's may be spelled the same. @throws Problem where there is none */
const subjectOf = ({ iss, sub }: Claims): string => {
  if (typeof sub !== 'string' || sub === '') throw nobody();
  return `${iss}#${sub}`;
};

/**
 * The principal of a signed call. A role's `userId` is its unique id, a colon, and what the session is called by whoever
 * assumed the role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 * @throws Problem where there is none
 */
const principalOf = (
  event: APIGatewayProxyEventV2,
): { readonly principal: string; readonly session?: string } => {
  const [principal, session] = checkedIn(event)?.iam?.userId?.split(':', 2) ?? [];
  if (!principal) throw nobody();
  return { principal, ...(session && { session }) };
};

/** @throws Problem where it is no operator */
const operatorOf = (event: APIGatewayProxyEventV2, { operators, operatorsApi }: Callers): Caller => {
  if (event.requestContext.apiId !== operatorsApi)
    throw new Problem('not-an-operator', 'the call did not come by the API of operators');
  if (operators === 'iam') {
    const { principal: callerId, ...session } = principalOf(event);
    return { callerId, ...session, isOperator: true };
  }
  const claims = claimsOf(event, operators);
  // Cognito's own claim, or the one that other issuers have agreed on.
  if (!valuesOf(claims['cognito:groups'] ?? claims.groups).includes(operators.group))
    throw new Problem('not-an-operator', 'the caller does not belong to the group of operators');
  return { callerId: subjectOf(claims), isOperator: true };
};

/** @throws Problem where nobody vouches for a customer */
const customerOf = (event: APIGatewayProxyEventV2, { customers }: Callers): string => {
  if (customers !== 'backend') return subjectOf(claimsOf(event, customers));
  principalOf(event);
  return event.headers[CUSTOMER_HEADER] ?? '';
};

/** Who calls. @throws Problem where nobody does that may */
export const callerOf = (event: APIGatewayProxyEventV2, callers: Callers): Caller => {
  // The gateway's word, whatever the client has sent: the route that matched.
  if (audienceOf(event.routeKey) === 'operators') return operatorOf(event, callers);
  const { data: callerId } = Customer.safeParse(customerOf(event, callers));
  if (callerId === undefined) throw nobody('nobody says which customer it is for');
  return { callerId, isOperator: false };
};

/**
 * Where the customer's mail goes, as whoever vouches for them says: the shop's backend by a header; the issuer by the claim
 * `email`, unless it also says that nobody has shown the address to be theirs (`email_verified`,
 * https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims). A claim that is no address is no customer's fault:
 * then there is none.
 * @throws Problem where nobody vouches for a customer, or the backend names what is no address
 */
export const emailOf = (event: APIGatewayProxyEventV2, { customers }: Callers): string | undefined => {
  if (customers !== 'backend') {
    const { email, email_verified: isVerified } = claimsOf(event, customers);
    return isVerified === 'false' ? undefined : Email.safeParse(email).data;
  }
  const { success, data, error } = Email.optional().safeParse(event.headers[EMAIL_HEADER]);
  if (success) return data;
  throw new Problem(
    'invalid-fields',
    'the X-Customer-Email header is not valid',
    error.issues.map(({ message }) => ({ field: 'X-Customer-Email', message })),
  );
};
