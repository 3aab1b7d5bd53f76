// What `npm run test:watch` runs: jest, again whenever a file is saved, the tests that what is not committed bears on.
import { jest } from './jest.ts';

process.exit(jest(['--watch', ...process.argv.slice(2)]));
