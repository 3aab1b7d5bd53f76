import type { HttpRequest, HttpResponse } from '../../http.ts';

/** An API's `CorsConfiguration`. */
export interface CorsConfiguration {
  readonly AllowOrigins: readonly string[];
  readonly AllowMethods: readonly string[];
  readonly AllowHeaders: readonly string[];
  readonly ExposeHeaders: readonly string[];
  readonly MaxAge: number;
}

/**
 * What API Gateway does about pages of other origins: it answers preflights itself, whatever the routes' authorizers, and
 * puts its headers on functions' answers, in the place of their own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export const cors = (configuration: CorsConfiguration | undefined) => {
  const allowed = ({ origin }: HttpRequest['headers']): HttpResponse['headers'] =>
    origin !== undefined && configuration?.AllowOrigins.includes(origin)
      ? {
          'access-control-allow-origin': origin,
          'access-control-expose-headers': configuration.ExposeHeaders.join(','),
        }
      : {};
  return {
    /** The answer to a preflight; undefined if it is none, or the API has no CORS. */
    preflight: ({ method, headers }: HttpRequest): HttpResponse | undefined => {
      const isPreflight = method === 'OPTIONS' && headers.origin && headers['access-control-request-method'];
      if (!configuration || !isPreflight) return undefined;
      const granted = allowed(headers);
      return {
        status: 204,
        headers: {
          ...granted,
          ...('access-control-allow-origin' in granted && {
            'access-control-allow-methods': configuration.AllowMethods.join(','),
            'access-control-allow-headers': configuration.AllowHeaders.join(','),
            'access-control-max-age': `${configuration.MaxAge}`,
          }),
        },
        body: '',
      };
    },

    /** A function's answer as a page may read it. */
    answer: (request: HttpRequest, { headers, ...response }: HttpResponse): HttpResponse => {
      if (!configuration) return { headers, ...response };
      const own = Object.entries(headers).filter(([name]) => !name.startsWith('access-control-'));
      return { ...response, headers: { ...Object.fromEntries(own), ...allowed(request.headers) } };
    },
  };
};
