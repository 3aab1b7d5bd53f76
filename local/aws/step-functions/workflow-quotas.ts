import { AwsError } from '../aws-error.ts';

/**
 * The most bytes of one input or output, as JSON:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const DATA_BYTES = 262_144;

/** Including the execution's end: https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html */
export const HISTORY_EVENTS = 25_000;

export const isTooMuchData = (data: unknown): boolean =>
  Buffer.byteLength(JSON.stringify(data ?? null)) > DATA_BYTES;

/**
 * The length limit of each parameter:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
 */
const LONGEST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  StartExecution: { name: 80, input: DATA_BYTES },
  SendTaskSuccess: { taskToken: 2_048, output: DATA_BYTES },
  SendTaskFailure: { taskToken: 2_048, error: 256, cause: 32_768 },
  StopExecution: { error: 256, cause: 32_768 },
};

/**
 * Parameters that must be JSON, and AWS's error if they are not. They are measured in UTF-8 bytes, others in
 * characters.
 */
const NO_JSON = new Map([
  ['input', 'InvalidExecutionInput'],
  ['output', 'InvalidOutput'],
]);

/** White space, brackets, wildcards, special and control characters, and characters beyond the basic plane. */
const UNNAMEABLE = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\u{FFFE}\u{FFFF}\u{10000}-\u{10FFFF}]/u;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** @throws AwsError ValidationException, InvalidName, InvalidExecutionInput or InvalidOutput */
export const checkRequest = (operation: string, request: Readonly<Record<string, unknown>>): void => {
  const limits = Object.hasOwn(LONGEST, operation) ? LONGEST[operation] : undefined;
  for (const [name, longest] of Object.entries(limits ?? {})) {
    const value = request[name];
    if (typeof value !== 'string') continue;
    const noJson = NO_JSON.get(name);
    if ((noJson ? Buffer.byteLength(value) : value.length) > longest)
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
      );
    if (noJson && !isJson(value)) throw new AwsError(noJson, `the ${name} is not JSON`);
    if (name === 'name' && (value === '' || UNNAMEABLE.test(value)))
      throw new AwsError('InvalidName', `Invalid Name: '${value}'`);
  }
};
