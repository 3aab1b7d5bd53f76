import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { HttpRequest, HttpResponse } from './http.ts';

const directory = join(import.meta.dirname, '../console');

/** Nothing is loaded from elsewhere, and nothing is inline. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The script and the style sheet, by their paths, bundled from `console/` in memory. */
const bundle = async (): Promise<ReadonlyMap<string, string>> => {
  const { outputFiles } = await build({
    absWorkingDir: directory,
    entryPoints: { console: 'main.tsx', 'console-style': 'console.css' },
    outdir: directory,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    write: false,
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(directory.length), text]));
};

/**
 * The console, a page at `/`, bundled from what is in `console/` at the start.
 * @throws Error if it cannot be bundled
 */
export const consolePage = async () => {
  const bundled = await bundle();
  const file = (name: string) => readFileSync(join(directory, name), 'utf8');
  const pages: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html; charset=utf-8', file('index.html')],
    '/icon.svg': ['image/svg+xml', file('icon.svg')],
    '/console.js': ['text/javascript; charset=utf-8', bundled.get('/console.js') ?? ''],
    '/console.css': ['text/css; charset=utf-8', bundled.get('/console-style.css') ?? ''],
  };
  return {
    /** The answer; undefined if the path is not one of ours. */
    handle: ({ method, url }: HttpRequest): HttpResponse | undefined => {
      const page = method === 'GET' ? pages[url.pathname] : undefined;
      return page && { status: 200, headers: { ...HEADERS, 'content-type': page[0] }, body: page[1] };
    },
  };
};
