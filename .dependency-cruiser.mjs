// Who may import whom. Run within `npm test`; the reasons are in docs/architecture.md.
// How a script reads its command line: a leaf that any script may stand on.
const COMMAND_LINE = '^scripts/command-line[.]ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'events-import-only-zod',
      severity: 'error',
      from: { path: '^events/' },
      to: { pathNot: ['^events/', '^node_modules/zod/'] },
    },
    {
      name: 'the-api-knows-what-is-told-alone',
      severity: 'error',
      from: { path: '^api/' },
      to: {
        pathNot: ['^(api|catalogue|events|saga)/', '^node_modules/(zod|iso-3166)/'],
      },
    },
    {
      name: 'configuration-knows-the-catalogue-alone',
      severity: 'error',
      from: { path: '^configuration/' },
      to: { pathNot: ['^(catalogue|configuration)/', '^node_modules/zod/'] },
    },
    {
      name: 'the-catalogue-imports-only-zod',
      severity: 'error',
      from: { path: '^catalogue/' },
      to: { pathNot: ['^catalogue/', '^node_modules/zod/'] },
    },
    {
      name: 'services-know-no-other-service',
      severity: 'error',
      from: { path: '^lambdas/(?!runtime/)([^/]+)/' },
      to: { path: '^lambdas/', pathNot: ['^lambdas/runtime/', '^lambdas/$1/'] },
    },
    {
      name: 'an-order-knows-none-of-its-rooms',
      severity: 'error',
      from: { path: '^lambdas/orders/[^/]+$' },
      to: { path: '^lambdas/orders/[^/]+/' },
    },
    {
      name: 'an-orders-workflow-knows-the-order-alone',
      severity: 'error',
      from: { path: '^lambdas/orders/workflow/' },
      to: { path: '^lambdas/orders/(api|story)/' },
    },
    {
      name: 'an-orders-story-knows-no-route',
      severity: 'error',
      from: { path: '^lambdas/orders/story/' },
      to: { path: '^lambdas/orders/api/' },
    },
    {
      name: 'runtime-knows-no-service',
      severity: 'error',
      from: { path: '^lambdas/runtime/' },
      to: { path: '^lambdas/', pathNot: '^lambdas/runtime/' },
    },
    {
      name: 'lambdas-stand-on-events-alone',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: '^(bin|contracts|lib|local|ops|proof|scripts|test|testbed)/' },
    },
    {
      name: 'infrastructure-reads-lambdas-by-path',
      severity: 'error',
      from: { path: '^(lib|bin)/' },
      to: { path: '^(contracts|lambdas|local|ops|proof|scripts|test|testbed)/' },
    },
    {
      name: 'local-reads-the-synthesized-stack',
      severity: 'error',
      from: { path: '^local/' },
      to: {
        path: '^(contracts|lambdas|console|proof|test|testbed|ops|scripts)/',
        pathNot: COMMAND_LINE,
      },
    },
    {
      name: 'the-saga-knows-nobody',
      severity: 'error',
      from: { path: '^saga/' },
      to: { pathNot: '^saga/' },
    },
    {
      name: 'the-console-stands-on-preact-and-the-saga',
      severity: 'error',
      from: { path: '^console/' },
      to: { pathNot: ['^(api|console|saga)/', '^node_modules/preact/'] },
    },
    {
      // How a request is put together stands on types alone, too.
      name: 'the-console-takes-types-of-the-api',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^api/', pathNot: '^api/(audience|client)[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'clients-take-types-of-the-api',
      severity: 'error',
      from: { path: '^api/client[.]ts$' },
      to: { dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-assembly-builds-the-stack',
      severity: 'error',
      from: { path: '^local/', pathNot: '^local/assembly[.]ts$' },
      to: { path: '^(lib|bin)/' },
    },
    {
      name: 'contracts-read-what-is-told-alone',
      severity: 'error',
      from: { path: '^contracts/' },
      to: {
        pathNot: ['^(api|contracts|events)/', '^node_modules/(zod|zod-openapi)/', COMMAND_LINE],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'the-testbed-knows-no-test',
      severity: 'error',
      from: { path: '^testbed/' },
      to: { path: '^(proof|scripts|test)/' },
    },
    {
      name: 'nothing-imports-test-or-local',
      severity: 'error',
      from: { pathNot: '^(test|testbed|local|proof|scripts)/' },
      to: { path: '^(test|testbed|local|proof)/' },
    },
    {
      name: 'the-end-to-end-tests-know-no-engine',
      severity: 'error',
      from: { path: '^test/e2e/[^/]+[.]e2e[.]ts$|^test/e2e/(shop|faults)[.]ts$' },
      to: {
        pathNot: ['^(ops|saga)/', '^test/e2e/([^/]+|engines/engine)[.]ts$', '^node_modules/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'nothing-imports-the-console',
      severity: 'error',
      from: { pathNot: '^(console|test)/' },
      to: { path: '^console/' },
    },
    {
      name: 'deployed-code-uses-runtime-dependencies',
      severity: 'error',
      from: { path: '^(api|lambdas|events|configuration|catalogue|saga)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API yet; swc reads the types' imports as well.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    // What is built is made of what is looked at, and large.
    exclude: { path: '^[.]build/' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
