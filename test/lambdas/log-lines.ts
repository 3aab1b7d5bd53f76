import { jest } from '@jest/globals';
import { logger } from '../../lambdas/runtime/logger.ts';

/** Everything that is written to stdout and stderr while `work` runs, with the logger at its most talkative, and metrics. */
export const outputOf = async (work: () => Promise<unknown>): Promise<string> => {
  const level = logger.getLevelName();
  const written: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    }),
  );
  logger.setLogLevel('DEBUG');
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  try {
    await work();
  } finally {
    logger.setLogLevel(level);
    process.env.POWERTOOLS_METRICS_DISABLED = 'true';
    for (const stream of streams) stream.mockRestore();
  }
  return written.join('');
};

/** The same, each line read as JSON. */
export const logLinesOf = async (work: () => Promise<unknown>): Promise<Record<string, unknown>[]> =>
  (await outputOf(work))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
