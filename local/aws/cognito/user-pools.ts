import { REGION, type Resource } from '../../template.ts';
import type { Service } from '../aws-endpoint.ts';
import { AwsError, notEmulated } from '../aws-error.ts';
import { idClaims, signed } from './issuer.ts';

/**
 * Cognito's user pools, as far as an administrator adds users and signs them in (`npm run token`): whoever is asked for
 * is there, and any password is theirs. A subject is the user's name, and no UUID.
 */
export const userPools = (
  resources: readonly Resource[],
  /** @throws AwsError where the caller may not */
  authorize: (caller: string, action: string, poolArn: string) => void,
): Service => {
  const pools = new Map(
    resources.filter(({ type }) => type === 'AWS::Cognito::UserPool').map((pool) => [pool.ref, pool]),
  );
  const issuerOf = (poolId: string) => `https://cognito-idp.${REGION}.amazonaws.com/${poolId}`;
  /** The addresses that users were given, by pool and name. */
  const emails = new Map<string, string | undefined>();
  return async (operation, request, caller) => {
    const { UserPoolId, ClientId, Username, UserAttributes, AuthParameters } = request;
    const pool = pools.get(String(UserPoolId));
    if (!pool) throw new AwsError('ResourceNotFoundException', `there is no user pool ${UserPoolId}`);
    authorize(caller, `cognito-idp:${operation}`, pool.arn);
    switch (operation) {
      case 'AdminCreateUser':
        return { User: { Username } };
      case 'AdminSetUserPassword':
        return {};
      case 'AdminUpdateUserAttributes': {
        const attributes = UserAttributes as readonly { readonly Name: string; readonly Value: string }[];
        emails.set(`${pool.ref} ${Username}`, attributes.find(({ Name }) => Name === 'email')?.Value);
        return {};
      }
      case 'AdminInitiateAuth': {
        const { USERNAME } = AuthParameters as { readonly USERNAME: string };
        const email = emails.get(`${pool.ref} ${USERNAME}`);
        const IdToken = await signed(idClaims(issuerOf(pool.ref), String(ClientId), USERNAME, email));
        return { AuthenticationResult: { IdToken, TokenType: 'Bearer', ExpiresIn: 43_200 } };
      }
      default:
        throw notEmulated(`Cognito's ${operation}`);
    }
  };
};
