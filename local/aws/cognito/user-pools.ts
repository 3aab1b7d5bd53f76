import { REGION, type Resource } from '../../template.ts';
import type { Service } from '../aws-endpoint.ts';
import { AwsError, notEmulated } from '../aws-error.ts';
import { signed } from './issuer.ts';

/** The claims of an access token: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
const accessClaims = (issuer: string, clientId: string, username: string) => ({
  iss: issuer,
  client_id: clientId,
  token_use: 'access',
  scope: 'aws.cognito.signin.user.admin',
  sub: username,
  username,
});

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
  return async (operation, request, caller) => {
    const { UserPoolId, ClientId, Username, AuthParameters } = request;
    const pool = pools.get(String(UserPoolId));
    if (!pool) throw new AwsError('ResourceNotFoundException', `there is no user pool ${UserPoolId}`);
    authorize(caller, `cognito-idp:${operation}`, pool.arn);
    switch (operation) {
      case 'AdminCreateUser':
        return { User: { Username } };
      case 'AdminSetUserPassword':
        return {};
      case 'AdminInitiateAuth': {
        const { USERNAME } = AuthParameters as { readonly USERNAME: string };
        const AccessToken = await signed(accessClaims(issuerOf(pool.ref), String(ClientId), USERNAME));
        return { AuthenticationResult: { AccessToken, TokenType: 'Bearer', ExpiresIn: 43_200 } };
      }
      default:
        throw notEmulated(`Cognito's ${operation}`);
    }
  };
};
