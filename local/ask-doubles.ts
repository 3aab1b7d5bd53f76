import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

/** Where what stands in for a provider listens, by the provider's host: `api.stripe.com` at `http://127.0.0.1:4242`. */
export type DoubleAddresses = Readonly<Record<string, string>>;

/**
 * What this thread asks of these providers goes to their doubles, from here on: an adapter knows its provider's own address
 * and no other. The header `Host` says who was meant.
 * @returns what ends it
 */
export const askDoubles = (addresses: DoubleAddresses): (() => void) => {
  const { request } = https;
  https.request = ((options: RequestOptions, onResponse?: never) => {
    const host = String(options.host ?? options.hostname);
    const address = addresses[host];
    if (!address) return request(options, onResponse);
    const { hostname, port } = new URL(address);
    const headers = { ...options.headers, host };
    return http.request(
      { ...options, protocol: 'http:', agent: undefined, host: hostname, hostname, port, headers },
      onResponse,
    );
  }) as typeof https.request;
  syncBuiltinESMExports();
  return () => {
    https.request = request;
    syncBuiltinESMExports();
  };
};
