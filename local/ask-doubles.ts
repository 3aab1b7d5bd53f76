import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { fetchByRequest } from './fetch-by-request.ts';

/** Where what stands in for a provider listens, by the provider's host: `api.stripe.com` at `http://127.0.0.1:4242`. */
export type DoubleAddresses = Readonly<Record<string, string>>;

/**
 * What this thread asks of these providers goes to their doubles, from here on: an adapter knows its provider's own address
 * and no other. By Node's `https.request`, as most clients ask, or by `fetch`; the header `Host` says who was meant.
 * @returns what ends it
 */
export const askDoubles = (addresses: DoubleAddresses): (() => void) => {
  const { request } = https;
  const { fetch } = globalThis;
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
  globalThis.fetch = (...asked) => {
    const called = new Request(...asked);
    return new URL(called.url).hostname in addresses ? fetchByRequest(called) : fetch(called);
  };
  syncBuiltinESMExports();
  return () => {
    https.request = request;
    globalThis.fetch = fetch;
    syncBuiltinESMExports();
  };
};
