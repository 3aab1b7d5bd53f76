import { exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose';

/** The one key, by its id. It is made when it is first needed: most stacks never see a token. */
const KID = 'local';
let made: ReturnType<typeof generateKeyPair> | undefined;
const keyPair = () => {
  made ??= generateKeyPair('RS256');
  return made;
};

/** The public key, as an issuer publishes it at its `jwks_uri`. */
export const jwks = async (): Promise<object> => {
  const { publicKey } = await keyPair();
  return { keys: [{ ...(await exportJWK(publicKey)), kid: KID, alg: 'RS256', use: 'sig' }] };
};

/**
 * A token, signed by the local key whatever issuer it names: here one stands for all that a template trusts.
 * @param expiresIn seconds from now
 */
export const signed = async (
  claims: Readonly<Record<string, unknown>>,
  expiresIn = 43_200,
): Promise<string> => {
  const { privateKey } = await keyPair();
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ iat: now, exp: now + expiresIn, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: KID })
    .sign(privateKey);
};

/**
 * The claims of an id token: it says where the customer's mail goes, as an access token does not.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
 * @param email undefined where the issuer knows none
 */
export const idClaims = (iss: string, aud: string, sub: string, email: string | undefined): JWTPayload => ({
  iss,
  aud,
  token_use: 'id',
  sub,
  ...(email && { email, email_verified: true }),
});

/** "Currently, only RSA-based algorithms are supported." */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/**
 * The claims of a token, checked as API Gateway checks them: algorithm, signature and `kid`, `iss`, `exp`, `nbf`, `iat`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 * @throws Error where one of them does not hold
 */
export const verified = async (token: string, issuer: string): Promise<JWTPayload> => {
  const { publicKey } = await keyPair();
  const keyOf = ({ kid }: { readonly kid?: string }) => {
    if (kid !== KID) throw new Error(`there is no key ${kid}`);
    return publicKey;
  };
  const { payload } = await jwtVerify(token, keyOf, {
    issuer,
    algorithms: ALGORITHMS,
    requiredClaims: ['exp'],
  });
  if (payload.iat !== undefined && payload.iat > Date.now() / 1_000) throw new Error('issued in the future');
  return payload;
};
